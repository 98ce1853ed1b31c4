import { z } from 'zod'
import { emitted, eventType, type EmittedEvent } from '../events/event.ts'
import type { Row } from './record.ts'

const Question = z.object({
  id: z.uuid(),
  /** Who alone decides it; whoever may do the same where nobody is named. */
  decider: z.uuid().optional(),
})

/** How it ended: done, or why not. */
const Ended = Question.extend({ status: z.enum(['done', 'failed', 'rejected', 'void', 'expired']) })

const about = { version: 1, person: ({ decider }: z.output<typeof Question>) => decider }

/** An agent has asked, somebody has said yes, or it is over: done, or not. */
export const approvalAsked = eventType({
  ...about,
  name: 'platform.approvals.asked',
  payload: Question,
})
export const approvalDecided = eventType({
  ...about,
  name: 'platform.approvals.decided',
  payload: Question,
})
export const approvalEnded = eventType({ ...about, name: 'platform.approvals.ended', payload: Ended })

export const approvalEvents = [approvalAsked, approvalDecided, approvalEnded]

type Known = Pick<Row, 'id' | 'person_id' | 'deciders'>

export const questionOf = ({ id, person_id: asker, deciders }: Known): z.output<typeof Question> => ({
  id,
  ...(deciders === 'asker' && { decider: asker }),
})

export const askedEvent = (row: Known): EmittedEvent => emitted(approvalAsked, questionOf(row))
export const endedEvent = (row: Known, status: z.output<typeof Ended>['status']): EmittedEvent =>
  emitted(approvalEnded, { ...questionOf(row), status })
