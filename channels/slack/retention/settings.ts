import { z } from 'zod'
import { settings } from '#core'

/** What a company chooses of Slack as a whole; the words stand in `locales`. */
export const slackChoices = settings(
  'slack',
  z.object({
    /** Days that what people said in threads is kept. The conversation with the agent is another thing, and stays. */
    messagesKeptDays: z.int().min(1).max(3650).default(90),
  }),
)
