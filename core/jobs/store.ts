/** Jobs of one company that go to a worker together. The queue knows their ids, and nothing else of them. */
export interface Parcel {
  readonly id: string
  readonly tenant: string
  readonly jobs: readonly string[]
  /** 0 comes first. */
  readonly priority: number
}

/**
 * The queue between those who hand jobs out and the workers. It delivers each parcel at least once, and may lose
 * everything: the table of jobs is the truth, and what has been lost is handed out again.
 */
export interface JobStore {
  readonly name: 'PostgreSQL' | 'Redis'
  /** Connections to PostgreSQL that it opens in this process at most. */
  readonly connections: number
  hand(parcels: readonly Parcel[]): Promise<void>
  /** Those of these parcels that the queue has no more, because they are done or lost. */
  missing(ids: readonly string[]): Promise<string[]>
  /**
   * Has parcels worked on, so many at a time; a parcel whose worker has gone comes again within `redeliveredWithin`.
   * Rejects where the store is not reached: it is then to be closed, and another opened.
   */
  work(run: (parcel: Parcel) => Promise<void>, atOnce: number): Promise<void>
  /** Takes nothing more, and resolves when what it has begun is done. */
  close(): Promise<void>
}

/** Milliseconds of a parcel's lock, which its worker renews, and between two looks for parcels whose lock has run out. */
export const lockMs = 8_000
export const stalledMs = 5_000

/** The bound of BullMQ: a lock that was just renewed, one look that marks and one that takes back. */
export const redeliveredWithinMs = lockMs + 2 * stalledMs
