import { z } from 'zod'
import { emitted, eventType, type EmittedEvent } from '../events/event.ts'
import type { Row } from './record.ts'

const Question = z.object({
  id: z.uuid(),
  /** Who alone decides it; whoever may do the same where nobody is named. */
  decider: z.uuid().optional(),
})

const about = { version: 1, payload: Question, person: ({ decider }: z.output<typeof Question>) => decider }

/** An agent has asked, somebody has said yes, or it is over: done, or not. */
export const approvalAsked = eventType({ name: 'platform.approvals.asked', ...about })
export const approvalDecided = eventType({ name: 'platform.approvals.decided', ...about })
export const approvalEnded = eventType({ name: 'platform.approvals.ended', ...about })

export const approvalEvents = [approvalAsked, approvalDecided, approvalEnded]

type Known = Pick<Row, 'id' | 'person_id' | 'deciders'>

export const questionOf = ({ id, person_id: asker, deciders }: Known): z.output<typeof Question> => ({
  id,
  ...(deciders === 'asker' && { decider: asker }),
})

export const askedEvent = (row: Known): EmittedEvent => emitted(approvalAsked, questionOf(row))
export const endedEvent = (row: Known): EmittedEvent => emitted(approvalEnded, questionOf(row))
