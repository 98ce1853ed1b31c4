import type { CallRecord, PastMessage } from '#core'

/** One thing that was made, changed or found: what later messages may speak of. */
export interface Fact {
  readonly id: string
  /** What it is called: a name, a title, a subject. */
  readonly label: string
  /** The operation that last touched it, such as `crm.deals.move`. */
  readonly operation: string
}

/** Things remembered of one conversation; the latest stay. */
const mostFacts = 80

/** The things that calls answered with: whole answers, and lists of which one thing was meant. */
export function factsOf(messages: readonly PastMessage[]): Fact[] {
  return messages.flatMap(({ calls }) => calls.filter(({ status }) => status === 'done').flatMap(factsOfCall))
}

function factsOfCall({ operation, output }: CallRecord): Fact[] {
  const { items } = asRecord(output)
  const things = Array.isArray(items) ? (items.length === 1 ? items : []) : [output]
  return things.flatMap((thing) => {
    const { id, name, title, subject, text } = asRecord(thing)
    const label = [name, title, subject, text].find((each) => typeof each === 'string')
    return typeof id === 'string' && label !== undefined
      ? [{ id, label: String(label).slice(0, 120), operation }]
      : []
  })
}

/** Each thing once, as it was last called. */
export function withFacts(before: readonly Fact[], more: readonly Fact[]): Fact[] {
  const byId = new Map<string, Fact>()
  for (const fact of [...before, ...more]) {
    byId.delete(fact.id)
    byId.set(fact.id, fact)
  }
  return [...byId.values()].slice(-mostFacts)
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
