import { approvalEvents } from '../approvals/events.ts'
import { approvalOperations, approvalWords, type ApprovalOperationParts } from '../approvals/operations.ts'
import { automationEvents, automationOperations, automationWords } from '../automations/operations.ts'
import { conversationOperations, conversationWords } from '../conversations/operations.ts'
import { identityLocales, identityOperations, type IdentityOperationParts } from '../identity/operations.ts'
import { jobOperations, jobWords, type JobOperationParts } from '../jobs/operations.ts'
import { plugin, type Plugin } from '../operations/plugin.ts'
import { platformDomain } from '../operations/domain.ts'
import settingsDa from '../settings/locales/da.json' with { type: 'json' }
import settingsEn from '../settings/locales/en.json' with { type: 'json' }
import { settingOperations } from '../settings/operations.ts'
import { usageOperations, usageWords } from '../usage/operations.ts'
import { vaultLocales, vaultOperations } from '../vault/index.ts'
import { listAudit } from './audit.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { getOperationForm } from './operationForm.ts'
import { listOperations } from './operations.ts'

/** The core's own operations, described like any plugin's; they are always on. */
export function platformPlugin(
  parts: IdentityOperationParts & ApprovalOperationParts & JobOperationParts,
): Plugin {
  return plugin({
    name: platformDomain,
    version: '1.0.0',
    operations: [
      listOperations(parts.registry),
      getOperationForm(parts.registry),
      listAudit,
      ...identityOperations(parts),
      ...conversationOperations,
      ...vaultOperations,
      ...settingOperations(parts.registry, parts.changes),
      ...usageOperations,
      ...approvalOperations(parts),
      ...jobOperations(parts),
      ...automationOperations(parts.registry),
    ],
    events: [...automationEvents, ...approvalEvents],
    locales: {
      da: {
        ...da,
        ...identityLocales.da,
        ...vaultLocales.da,
        ...settingsDa,
        ...conversationWords.da,
        ...usageWords.da,
        ...approvalWords.da,
        ...jobWords.da,
        ...automationWords.da,
        events: { ...automationWords.da.events, ...approvalWords.da.events },
      },
      en: {
        ...en,
        ...identityLocales.en,
        ...vaultLocales.en,
        ...settingsEn,
        ...conversationWords.en,
        ...usageWords.en,
        ...approvalWords.en,
        ...jobWords.en,
        ...automationWords.en,
        events: { ...automationWords.en.events, ...approvalWords.en.events },
      },
    },
  })
}
