import type { z } from 'zod'

/** One kind of event: a name in the grammar of operations (past tense), a version, and the shape of its payload. */
export interface EventType<Payload extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly version: number
  readonly payload: Payload
  /** What the event is about: events of one subject reach each subscriber in their order. The payload's `id` unless said. */
  readonly subject?: (payload: z.output<Payload>) => string
}

export function eventType<Payload extends z.ZodType>(type: EventType<Payload>): EventType<Payload> {
  return Object.freeze(type)
}

/** An event on its way to the outbox. */
export interface EmittedEvent {
  readonly type: string
  readonly version: number
  readonly payload: unknown
}
