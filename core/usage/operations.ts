import type { AnyOperation } from '../operations/operation.ts'
import type { LocaleFile } from '../operations/plugin.ts'
import { budgetOperations } from './budgets.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { modelPriceOperations } from './modelPrices.ts'
import { reportOperations } from './reports.ts'

export const usageOperations: readonly AnyOperation[] = [
  ...budgetOperations,
  ...reportOperations,
  ...modelPriceOperations,
]
export const usageWords: { readonly da: LocaleFile; readonly en: LocaleFile } = { da, en }
