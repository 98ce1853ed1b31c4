import type { Company } from '../world/companies.ts'

/** What a process under measurement is told when it begins. */
export interface Opened {
  readonly adminUrl: string
  readonly runtimeUrl: string
  /** In base64. */
  readonly secret: string
  /** Where the queue is; in PostgreSQL where there is none. */
  readonly redisUrl?: string | undefined
}

/** Jobs that are asked for: so many, of the companies in turn, `together` with one call. */
export interface Asked {
  readonly companies: readonly Company[]
  readonly jobs: number
  readonly together: number
}

/** The beginning of the first and the end of the last of them (microseconds of the clock that all processes share). */
export interface Span {
  readonly begun: number
  readonly ended: number
}

/**
 * Jobs that the peer does at a time, over ten connections. Ours takes eight parcels at a time, of four to sixteen jobs, over
 * the five connections that a process has for transactions.
 */
export const atOnce = 32
