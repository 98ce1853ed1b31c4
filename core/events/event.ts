import type { z } from 'zod'

/** One kind of event: a name in the grammar of operations (past tense), a version, and the shape of its payload. */
export interface EventType<Payload extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly version: number
  readonly payload: Payload
  /** What the event is about: events of one subject reach each subscriber in their order. The payload's `id` unless said. */
  readonly subject?: (payload: z.output<Payload>) => string
  /** Whom alone it concerns, a person's id; everybody who may read such things unless said. */
  readonly person?: (payload: z.output<Payload>) => string | undefined
}

export function eventType<Payload extends z.ZodType>(type: EventType<Payload>): EventType<Payload> {
  return Object.freeze(type)
}

/** An event on its way to the outbox. */
export interface EmittedEvent {
  readonly type: string
  readonly version: number
  readonly payload: unknown
  readonly subject?: string | undefined
  readonly person?: string | undefined
}

/** The event as it is stored; throws where the payload has not the shape of its type. */
export function emitted<Payload extends z.ZodType>(
  type: EventType<Payload>,
  given: z.input<Payload>,
): EmittedEvent {
  const payload = type.payload.parse(given)
  const { id } = Object(payload) as { readonly id?: unknown }
  return {
    type: type.name,
    version: type.version,
    payload,
    subject: type.subject?.(payload) ?? (typeof id === 'string' ? id : undefined),
    person: type.person?.(payload),
  }
}
