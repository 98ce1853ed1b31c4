import type { z } from 'zod'
import type { AnyOperation, InputOf } from '../operations/operation.ts'
import { nameParts } from '../operations/name.ts'

/** What a subscriber is told of an event beside its payload. */
export interface Occurrence {
  /** The same however often the event is delivered. */
  readonly id: string
  readonly at: Date
}

/**
 * What follows on an event: one operation, called as a job of its own for the company where the event happened. It says
 * what it reads of the payload itself, so that a plugin follows another's events without importing it.
 */
export interface Subscription<
  Payload extends z.ZodType = z.ZodType,
  Following extends AnyOperation = AnyOperation,
> {
  /** `domain.resource.verb`, such as `crm.contacts.followLead`. Part of what is remembered as done: it stays once it is in use. */
  readonly name: string
  /** The event, such as `leads.leads.created`, and its version. */
  readonly on: string
  readonly version: number
  /** What is read of the payload; what else stands in it is let be. */
  readonly reads: Payload
  /** Events that nothing follows on. */
  readonly when?: (payload: z.output<Payload>) => boolean
  readonly operation: Following
  readonly input: (payload: z.output<Payload>, occurrence: Occurrence) => InputOf<Following>
}

export function subscription<Payload extends z.ZodType, Following extends AnyOperation>(
  value: Subscription<Payload, Following>,
): Subscription {
  nameParts(value.name)
  if (value.operation.effect === 'read')
    throw new Error(`"${value.name}" only reads: nothing would follow on the event.`)
  return Object.freeze(value) as unknown as Subscription
}
