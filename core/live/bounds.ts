/** What one reader, person and company may take of a process. Times are milliseconds. */
export interface LiveBounds {
  /** Topics that one connection follows. */
  readonly topics: number
  /** Connections of one person in one company, their keys' included. */
  readonly perPerson: number
  readonly perTenant: number
  /** Bytes that wait for one reader before hints are dropped for a reset. */
  readonly waitingBytes: number
  /** How long a reader may lag behind before the connection is closed. */
  readonly lagging: number
  /** Hints that are held while a connection is being looked at; beyond them it gets a reset. */
  readonly held: number
  /** Between two signs of life; a reader that has answered two of them with nothing is gone. */
  readonly heartbeat: number
  /** Heartbeats between two looks at what the reader may do, beside those on a change. */
  readonly recheckEvery: number
  /** Between two looks for what nobody told. */
  readonly sweep: number
  /** Between two looks at the clock. */
  readonly tick: number
}

export const liveBounds: LiveBounds = {
  topics: 100,
  perPerson: 50,
  perTenant: 5_000,
  waitingBytes: 64 * 1024,
  lagging: 30_000,
  held: 1_000,
  heartbeat: 25_000,
  recheckEvery: 12,
  sweep: 10_000,
  tick: 1_000,
}
