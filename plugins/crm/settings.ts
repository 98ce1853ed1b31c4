import { z } from 'zod'
import { Currency, settings } from '#core'

export const StaleDays = z.int().min(1).max(1000)

/** What a company chooses for its own sales; the words stand in `locales`. */
export const crmSettings = settings(
  'crm',
  z.object({
    staleAfterDays: StaleDays.default(30),
    currency: Currency.default('DKK'),
    /** 0 is no due date. */
    tasksDueInDays: z.int().min(0).max(365).default(0),
    /** A flag: without it the reason may be left out. */
    lostReasonRequired: z.boolean().default(false),
  }),
)
