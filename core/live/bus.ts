import { Buffer } from 'node:buffer'
import type { Hint } from './hint.ts'

/** How processes hand each other texts. What one says, every other one hears that listens then; nothing is kept. */
export interface Bus {
  /** Rejects when it cannot be said now; each text is at most `largestText` bytes. */
  say(texts: readonly string[]): Promise<void>
  /** Resolves when it listens, or cannot yet. */
  follow(listener: BusListener): Promise<void>
  close(): Promise<void>
}

export interface BusListener {
  onText(text: string): void
  /** Nothing is heard from now on (false), or it is again, after a while in which something may have been missed (true). */
  onHearing(hearing: boolean): void
}

/** PostgreSQL takes payloads under 8,000 bytes. */
export const largestText = 7_900

/** Hints, or the companies of which something was missed. */
export type Said = { readonly hints: readonly Hint[] } | { readonly missed: readonly string[] | 'all' }

type Row = readonly [
  tenant: string,
  id: string | null,
  type: string,
  subject: string | null,
  person: string | null,
  permission: string | null,
]

/** The fewest texts that say this. */
export function textsOf(said: Said): string[] {
  if ('missed' in said) return [JSON.stringify(said)]
  const texts: string[] = []
  let rows: string[] = []
  let bytes = 0
  for (const row of said.hints.map((hint) => JSON.stringify(rowOf(hint)))) {
    const size = Buffer.byteLength(row) + 1
    if (bytes + size > largestText - 20) {
      texts.push(`{"hints":[${rows.join(',')}]}`)
      ;[rows, bytes] = [[], 0]
    }
    rows.push(row)
    bytes += size
  }
  return [...texts, `{"hints":[${rows.join(',')}]}`]
}

/** What a text says; nothing where it says something else, from a version that we are not. */
export function readText(text: string): Said | undefined {
  try {
    const said = JSON.parse(text) as { hints?: readonly Row[]; missed?: readonly string[] | 'all' }
    if (said.missed) return { missed: said.missed }
    return said.hints && { hints: said.hints.map(hintOf) }
  } catch {
    return undefined
  }
}

const rowOf = ({ tenant, id, type, subject, person, permission }: Hint): Row => [
  tenant,
  id ?? null,
  type,
  subject ?? null,
  person ?? null,
  permission ?? null,
]

const hintOf = ([tenant, id, type, subject, person, permission]: Row): Hint => ({
  tenant,
  type,
  id: id ?? undefined,
  subject: subject ?? undefined,
  person: person ?? undefined,
  permission: permission ?? undefined,
})
