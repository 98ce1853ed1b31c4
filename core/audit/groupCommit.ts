import type { Database } from '../database/database.ts'
import type { Statement } from '../database/sql.ts'
import type { AuditLine } from './line.ts'
import { linesOf, recordLines } from './store.ts'

export interface AuditTrail {
  /** Resolves when the line is committed; lines that arrive meanwhile are committed together. */
  record(line: AuditLine): Promise<void>
  /** Answers the rows of a read when its line is committed, which where few read is done in the exchange of the read itself. */
  recordedRead<Row extends object>(tenant: string, statement: Statement, line: AuditLine): Promise<Row[]>
}

interface Waiting {
  readonly line: AuditLine
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

type Storage = Pick<Database, 'platformStatement' | 'read' | 'readRecorded'>

interface Limits {
  /** Groups that are committed at once. */
  readonly batches?: number
  /** Lines of one group. */
  readonly largest?: number
  /** Reads that are committed with their own line at once: each keeps what is read after it waiting for the disk. */
  readonly alone?: number
}

/**
 * Group commit: while one batch is on its way to disk the next one gathers, so that many answered reads share
 * one insert and one commit, and none is answered before its line is safe.
 */
export function createAuditTrail(
  database: Storage,
  { batches = 2, largest = 500, alone = 2 }: Limits = {},
): AuditTrail {
  let waiting: Waiting[] = []
  let underway = 0
  let readAlone = 0

  const flush = (): void => {
    if (underway >= batches || waiting.length === 0) return
    const batch = waiting.slice(0, largest)
    waiting = waiting.slice(largest)
    underway++
    store(database, batch).finally(() => {
      underway--
      flush()
    })
  }

  const record = (line: AuditLine): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ line, resolve, reject })
      if (underway === 0) flush()
      else if (waiting.length === 1) setImmediate(flush)
    })

  return {
    record,
    recordedRead: async <Row extends object>(tenant: string, statement: Statement, line: AuditLine) => {
      if (readAlone < alone) {
        readAlone++
        return database.readRecorded<Row>(tenant, statement, linesOf([line])).finally(() => readAlone--)
      }
      const rows = await database.read<Row>(tenant, statement)
      await record(line)
      return rows
    },
  }
}

async function store(database: Storage, batch: readonly Waiting[]): Promise<void> {
  try {
    await database.platformStatement(recordLines(batch.map(({ line }) => line)))
    for (const { resolve } of batch) resolve()
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
