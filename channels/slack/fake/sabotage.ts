/** What happens to a call instead of its answer: an error code of Slack's, HTTP 429, HTTP 500, or silence. */
export type Failure = string

/** Failures that tests order, each used up by one call. */
export interface Sabotage {
  failNext(method: string, failure: Failure): void
  take(method: string): Failure | undefined
}

export function createSabotage(): Sabotage {
  const ordered = new Map<string, Failure[]>()
  return {
    failNext: (method, failure) => void ordered.set(method, [...(ordered.get(method) ?? []), failure]),
    take: (method) => ordered.get(method)?.shift(),
  }
}
