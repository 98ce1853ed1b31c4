import { Fault, fault } from '../errors.ts'
import type { Sentence } from '../language.ts'
import { databaseFault } from '../operations/databaseFault.ts'

/** Why a piece was cut off before it had come to its end. */
export class CutOff extends Error {
  override name = 'CutOff'
  readonly why: 'cancelled' | 'timeout' | 'stopping'

  constructor(why: CutOff['why']) {
    super(`A piece of a job was cut off: ${why}.`)
    this.why = why
  }
}

/** `never`: no repeat mends it. `again`: it is tried again, and counted. `later`: it was not the job's fault. */
export type Verdict = 'never' | 'again' | 'later'

export interface Failure {
  readonly verdict: Verdict
  readonly fault: Fault
}

/** What passes by itself though it is a refusal: somebody else was at it, or there was too much at once. */
const passing = new Set(['conflict', 'version_conflict', 'rate_limited', 'timeout'])

export function failureOf(thrown: unknown, cutOff?: CutOff): Failure {
  if (cutOff) return ofCutOff(cutOff)
  const refusal = thrown instanceof Fault ? thrown : databaseFault(thrown)
  // What was switched off meanwhile waits, as all of its jobs do.
  if (refusal.status === 503 || refusal.code === 'job_plugin_off') return { verdict: 'later', fault: refusal }
  const again = refusal.status >= 500 || passing.has(refusal.code)
  return { verdict: again ? 'again' : 'never', fault: refusal }
}

function ofCutOff({ why }: CutOff): Failure {
  if (why === 'stopping') return { verdict: 'later', fault: fault('unavailable') }
  return why === 'timeout'
    ? { verdict: 'again', fault: fault('job_timeout') }
    : { verdict: 'never', fault: fault('job_cancelled') }
}

/** What the table keeps of a failure: its sentence in both languages, never a stack. */
export const bothSentences = (failed: Fault): Sentence => ({
  da: failed.sentence('da'),
  en: failed.sentence('en'),
})
