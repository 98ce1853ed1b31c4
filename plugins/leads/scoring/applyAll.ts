import { z } from 'zod'
import { job, operation } from '#core'
import { applyScoringRules } from './operations.ts'

/** All leads, some hundreds at a time. */
export const scoreAll = job({
  name: 'leads.scoringRules.applyAll',
  operation: applyScoringRules,
  next: ({ next }) => (next === null ? undefined : { after: next }),
})

/** Whoever asks again while it goes on has them scored once more, after it. */
export const applyToAll = operation({
  name: 'leads.scoringRules.applyAll',
  summary: 'Have all leads scored anew in the background, by the rules as they are now',
  effect: 'write',
  input: z.strictObject({}),
  output: z.object({ job: z.uuid() }),
  run: (_, { enqueue }) => ({ job: enqueue(scoreAll, {}, { subject: 'all' }) }),
})
