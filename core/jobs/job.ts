import type { AnyOperation, InputOf, OutputOf } from '../operations/operation.ts'
import { nameParts } from '../operations/name.ts'

export const priorities = ['first', 'usual', 'last'] as const

/** How far a job has come, in pieces of whatever it counts. */
export interface Progress {
  readonly done: number
  readonly total: number
}

/** When a job runs by itself, for every company that has its plugin switched on. */
export interface Schedule {
  /** Five fields (POSIX crontab), in the company's own time zone unless one is named. */
  readonly cron: string
  readonly timeZone?: string
}

/**
 * An operation that is called later, by a worker, with the right of whoever asked for it. Long work is an operation that
 * does one piece of it: `next` says with what it is called again, and each piece is a transaction of its own with the
 * place that it came to, so that a job is cancelled between two pieces and goes on where it stopped.
 */
export interface Job<Doing extends AnyOperation = AnyOperation> {
  /** `domain.resource.verb`, such as `crm.imports.advance`. */
  readonly name: string
  readonly operation: Doing
  /** The input of the next piece, or nothing when all is done. */
  readonly next?: (output: OutputOf<Doing>, input: InputOf<Doing>) => InputOf<Doing> | undefined
  readonly progress?: (output: OutputOf<Doing>) => Progress
  readonly schedule?: Schedule & { readonly input: InputOf<Doing> }
  /** Tries of one piece before the job has failed; five unless said. A refusal that no repeat can mend is not tried again. */
  readonly attempts?: number
  /** Seconds that one piece may take; sixty unless said. */
  readonly timeout?: number
  /** How many of them run at once for one company; two unless said. */
  readonly concurrency?: number
  /** Pieces that one company may begin in a minute; no bound unless said. */
  readonly perMinute?: number
  /** Those that a person waits for come first; `usual` unless said. */
  readonly priority?: (typeof priorities)[number]
}

export function job<Doing extends AnyOperation>(value: Job<Doing>): Job {
  nameParts(value.name)
  if (value.operation.effect === 'read')
    throw new Error(`The job "${value.name}" only reads: nothing would come of it.`)
  return Object.freeze(value) as unknown as Job
}
