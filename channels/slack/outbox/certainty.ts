import { SlackRefusal } from '../install/api.ts'
import { switchedOff } from '../install/refusal.ts'
import { pause, type Timer } from './timer.ts'

/** What Slack answers when something broke on its side: it may be done or not. */
const unsure = new Set([
  'fatal_error',
  'internal_error',
  'messaging_processing_failed',
  'request_timeout',
  'service_unavailable',
])

export const isUnsure = (error: unknown): boolean =>
  error instanceof SlackRefusal &&
  error.code !== 'closing' &&
  (error.kind === 'unknown' || unsure.has(error.code))

/** Slack will never take it, however often it is tried. */
export const isFinal = (error: unknown): error is SlackRefusal =>
  error instanceof SlackRefusal &&
  error.kind === 'refused' &&
  error.code !== switchedOff &&
  !unsure.has(error.code)

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof SlackRefusal && codes.includes(error.code)

/** After some 30 seconds it is left to those who look for what was left. */
const mostRepeats = 5

/** Tries until it is known how it ended; a repeat is told that what it does may have been done. */
export async function untilSure<Result>(
  timer: Timer,
  attempt: (isRepeat: boolean) => Promise<Result>,
): Promise<Result> {
  for (let repeats = 0; ; repeats++) {
    try {
      return await attempt(repeats > 0)
    } catch (error) {
      if (!isUnsure(error) || repeats === mostRepeats) throw error
    }
    await pause(timer, 1_000 * 2 ** repeats)
  }
}
