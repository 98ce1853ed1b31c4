import { plugin, type Plugin } from '#core'
import { slackErrors } from './errors.ts'
import installDa from './install/locales/da.json' with { type: 'json' }
import installEn from './install/locales/en.json' with { type: 'json' }
import { installOperations } from './install/operations.ts'
import type { SlackSettings } from './install/settings.ts'
import peopleDa from './people/locales/da.json' with { type: 'json' }
import peopleEn from './people/locales/en.json' with { type: 'json' }
import { peopleOperations } from './people/operations.ts'
import retentionDa from './retention/locales/da.json' with { type: 'json' }
import retentionEn from './retention/locales/en.json' with { type: 'json' }
import { slackChoices } from './retention/settings.ts'
import rulesDa from './rules/locales/da.json' with { type: 'json' }
import rulesEn from './rules/locales/en.json' with { type: 'json' }
import { approversInSlack } from './rules/conversation.ts'
import { ruleOperations } from './rules/operations.ts'

/** What everybody has: to say who they are in Slack. */
const everybodys = ['links:*']

/**
 * Slack as a domain: what can be done about workspaces, people and channels there. Each room adds its own lines. The
 * settings are those of the installation's own app; without them a company brings an app of its own.
 */
export const slackDomain = (settings: SlackSettings): Plugin =>
  plugin({
    name: 'slack',
    version: '0.1.0',
    access: { employee: everybodys, readOnly: everybodys },
    operations: [...installOperations(settings), ...peopleOperations, ...ruleOperations],
    settings: slackChoices,
    approvers: approversInSlack,
    errors: slackErrors.table,
    locales: {
      da: { ...installDa, ...peopleDa, ...rulesDa, ...retentionDa },
      en: { ...installEn, ...peopleEn, ...rulesEn, ...retentionEn },
    },
    migrations: new URL('./migrations/', import.meta.url),
  })

export const slackPlugin = slackDomain({})
