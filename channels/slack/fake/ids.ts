import { createHash } from 'node:crypto'
import type { FakeClock } from './clock.ts'

/** Ids that look like Slack's and are the same at every start: a letter for the kind, then ten characters. */
export interface Ids {
  next(kind: string): string
  /** A message's `ts`: unique, rising, seconds and microseconds. */
  timestamp(): string
  /** Something that nobody can guess: a token, a code, a hash. */
  secret(kind: string): string
}

export function createIds(clock: FakeClock, seed = 'fake'): Ids {
  let made = 0
  let lastMicros = 0
  const digest = (text: string): string => createHash('sha256').update(`${seed}:${text}`).digest('hex')

  return {
    next: (kind) =>
      `${kind}0${base36(digest(`${kind}${++made}`))
        .slice(0, 9)
        .toUpperCase()}`,
    secret: (kind) => digest(`${kind}:${++made}`).slice(0, 32),
    timestamp: () => {
      lastMicros = Math.max(lastMicros + 1, clock.now() * 1000)
      return `${Math.floor(lastMicros / 1e6)}.${String(Math.floor(lastMicros % 1e6)).padStart(6, '0')}`
    },
  }
}

const base36 = (hex: string): string => BigInt(`0x${hex}`).toString(36)
