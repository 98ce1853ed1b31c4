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

/** How one of the two is asked for jobs, begins to work and tells when they are done. */
interface Worked {
  ask(asked: Asked): Promise<void>
  work(): void
  spanOf(jobs: number): Promise<Span>
}

/** What both are measured by, in the same way. */
export const measured = ({ ask, work, spanOf }: Worked) => ({
  ask,
  /** Does so many jobs that are waiting. */
  workOff: async (jobs: number): Promise<Span> => {
    const span = spanOf(jobs)
    work()
    return span
  },
  /** Works, and is asked meanwhile. */
  askAndWorkOff: async (asked: Asked): Promise<Span> => {
    const span = spanOf(asked.jobs)
    work()
    await ask(asked)
    return span
  },
  cpu: async () => process.cpuUsage().user + process.cpuUsage().system,
})

/**
 * Jobs that the peer does at a time, over ten connections. Ours takes eight parcels at a time, of four to sixteen jobs, over
 * the five connections that a process has for transactions.
 */
export const atOnce = 32
