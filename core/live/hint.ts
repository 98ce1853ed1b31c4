import type { StoredEvent } from '../events/outbox.ts'

/**
 * That something happened: of which type, to which thing. It says nothing of the thing itself, which the reader reads
 * again. One without an id stands in no log: it is of the moment, and a reader who was away does not learn of it.
 * What names a person or a permission is told to that person and to whoever has that permission, and to nobody else.
 */
export type Hint = Omit<StoredEvent, 'id'> & {
  readonly id?: string | undefined
  readonly permission?: string | undefined
}

export type ResetReason = 'unknown' | 'slow' | 'missed'

/** What a reader is told. */
export type LiveMessage =
  | {
      readonly type: 'event'
      /** Where a reader resumes. */
      readonly id?: string | undefined
      readonly event: string
      readonly subject?: string | undefined
    }
  /** Something was missed: read again whatever is shown. `last` is from where to resume now. */
  | {
      readonly type: 'reset'
      readonly reason: ResetReason
      readonly last?: string | undefined
    }
  /** Topics that may not be followed any more. */
  | { readonly type: 'lost'; readonly topics: readonly string[] }

/** The resource that a type of event belongs to: `crm.contacts` of `crm.contacts.updated`. */
const resourceOf = (type: string): string => type.slice(0, type.lastIndexOf('.'))

/** A hint made ready once for however many readers. */
export interface Told {
  readonly hint: Hint
  readonly resource: string
  readonly message: LiveMessage
  readonly json: string
}

export function toldOf(hint: Hint): Told {
  const { id, type, subject } = hint
  const message: LiveMessage = { type: 'event', id, event: type, subject }
  return { hint, resource: resourceOf(type), message, json: JSON.stringify(message) }
}
