import { plugin, type LocaleFile } from '#core'
import { initAssignmentRules } from './assignment/rule.model.ts'
import { assignmentRuleOperations } from './assignment/operations.ts'
import { consentOperations } from './consents/operations.ts'
import { furnish } from './demo/furnish.ts'
import { leadErrors } from './errors.ts'
import { leadEvents } from './events.ts'
import { initForms } from './forms/form.model.ts'
import { formOperations } from './forms/operations.ts'
import { initLeads } from './leads/lead.model.ts'
import { linkAdopted } from './leads/link.ts'
import { leadOperations } from './leads/operations.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { applyToAll, scoreAll } from './scoring/applyAll.ts'
import { scoringRuleOperations } from './scoring/operations.ts'
import { initScoringRules } from './scoring/rule.model.ts'
import { leadSettings } from './settings.ts'
import { initSources } from './sources/source.model.ts'
import { sourceOperations } from './sources/operations.ts'
import { submissionOperations } from './submissions/operations.ts'

/** Leads: who may become a customer, where they came from, who takes them, and what they are worth. */
export const leads = plugin({
  name: 'leads',
  version: '1.0.0',
  operations: [
    ...leadOperations,
    ...formOperations,
    ...submissionOperations,
    ...consentOperations,
    ...sourceOperations,
    ...scoringRuleOperations,
    applyToAll,
    ...assignmentRuleOperations,
  ],
  settings: leadSettings,
  events: leadEvents,
  subscriptions: [linkAdopted],
  jobs: [scoreAll],
  errors: leadErrors.table,
  locales: { da: da as LocaleFile, en: en as LocaleFile },
  migrations: new URL('./migrations/', import.meta.url),
  demo: furnish,
  models: [initSources, initLeads, initScoringRules, initAssignmentRules, initForms],
})
