import type { AnyOperation } from '../operations/operation.ts'
import type { LocaleFile } from '../operations/plugin.ts'
import type { Registry } from '../operations/registry.ts'
import { testAutomation } from './dryRun.ts'
import { listEvents } from './events.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { listRuns } from './runs.ts'
import { getAutomation, listAutomations } from './read.ts'
import { automationApproved, switchOperations } from './switches.ts'
import { writingOperations } from './write.ts'

export const automationOperations = (registry: () => Registry): readonly AnyOperation[] => [
  listAutomations,
  getAutomation(registry),
  ...writingOperations(registry),
  ...switchOperations(registry),
  testAutomation(registry),
  listRuns,
  listEvents(registry),
]

export const automationEvents = [automationApproved]
export const automationWords: { readonly da: LocaleFile; readonly en: LocaleFile } = { da, en }
