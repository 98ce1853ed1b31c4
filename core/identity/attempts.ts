import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Clock } from '../operations/context.ts'

interface AttemptRule {
  /** Attempts without a wait. */
  readonly free: number
  /** Seconds that the growing wait stops at. */
  readonly longest: number
  /** Seconds after which one attempt is forgotten. */
  readonly leak: number
}

const ofAccount: AttemptRule = { free: 5, longest: 300, leak: 600 }
const ofAddress: AttemptRule = { free: 30, longest: 300, leak: 60 }

export interface Attempts {
  /** Counts an attempt on the account from the address, or refuses with `rate_limited` and the seconds to wait. */
  admit(email: string, address: string): Promise<void>
  /** The attempt was a right one and counts no longer. */
  giveBack(email: string, address: string): Promise<void>
}

/** How often one may try to sign in. The record stands in PostgreSQL, so it holds for all processes together. */
export function createAttempts(database: Database, key: Buffer, clock: Clock): Attempts {
  const keyOf = (kind: string, text: string): string =>
    createHmac('sha256', key).update(`${kind} ${text}`).digest('base64url')
  const keysOf = (email: string, address: string) =>
    [
      [keyOf('address', addressGroup(address)), ofAddress],
      [keyOf('account', email), ofAccount],
    ] as const
  return {
    admit: async (email, address) => {
      for (const [attempt, { free, longest, leak }] of keysOf(email, address)) {
        const [row] = await database.platformStatement<{ seconds: number }>(sql`
          SELECT platform.admit_attempt(${attempt}, ${free}, ${longest}, make_interval(secs => ${leak}), ${clock.now()})
            AS seconds`)
        if (row && row.seconds > 0) fail('rate_limited', { seconds: row.seconds })
      }
    },
    giveBack: async (email, address) => {
      const [first, second] = keysOf(email, address).map(([attempt]) => attempt)
      await database.platformStatement(
        sql`SELECT platform.give_back_attempt(key, ${clock.now()}) FROM unnest(ARRAY[${first}, ${second}]) key`,
      )
    },
  }
}

/** An IPv6 customer holds a /64 of addresses, so that is what counts as one (RFC 6177). */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const plain = address.split('%', 1)[0] as string
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const gap = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  const groups = [...before, ...gap, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
