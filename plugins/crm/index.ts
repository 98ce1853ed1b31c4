import { plugin } from '#core'
import { initActivities } from './activities/activity.model.ts'
import { activityOperations } from './activities/operations.ts'
import { initCompanies } from './companies/company.model.ts'
import { companyOperations } from './companies/operations.ts'
import { initContacts } from './contacts/contact.model.ts'
import { adoptLead } from './contacts/adopt.ts'
import { contactOperations } from './contacts/operations.ts'
import { furnish } from './demo/furnish.ts'
import { initDeals } from './deals/deal.model.ts'
import { dealOperations } from './deals/operations.ts'
import { crmErrors } from './errors.ts'
import { crmEvents } from './events.ts'
import { initImports } from './imports/import.model.ts'
import { importOperations } from './imports/operations.ts'
import { runImport } from './imports/start.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { pipelineOperations } from './pipelines/operations.ts'
import { initPipelines } from './pipelines/pipeline.model.ts'
import { crmSettings } from './settings.ts'
import { tagOperations } from './tags/operations.ts'
import { initTags } from './tags/tag.model.ts'
import { callAdopted } from './tasks/call.ts'
import { taskOperations } from './tasks/operations.ts'
import { initTasks } from './tasks/task.model.ts'
import { viewOperations } from './views/operations.ts'
import { initViews } from './views/view.model.ts'

/** Customer relations: contacts, companies, deals and what was said and done with them. */
export const crm = plugin({
  name: 'crm',
  version: '1.0.0',
  operations: [
    ...contactOperations,
    ...companyOperations,
    ...dealOperations,
    ...pipelineOperations,
    ...activityOperations,
    ...taskOperations,
    ...tagOperations,
    ...viewOperations,
    ...importOperations,
  ],
  settings: crmSettings,
  events: crmEvents,
  subscriptions: [adoptLead, callAdopted],
  jobs: [runImport],
  errors: crmErrors.table,
  locales: { da, en },
  migrations: new URL('./migrations/', import.meta.url),
  demo: furnish,
  models: [
    initCompanies,
    initContacts,
    initPipelines,
    initDeals,
    initActivities,
    initTasks,
    initTags,
    initViews,
    initImports,
  ],
})
