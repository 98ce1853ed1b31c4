import { z } from 'zod'
import { settings } from '#core'

/** What a company chooses for its own leads; the words stand in `locales`. */
export const leadSettings = settings(
  'leads',
  z.object({
    /** Days within which the same email address is the same lead, who has then written again. */
    joinedWithinDays: z.int().min(1).max(730).default(90),
  }),
)
