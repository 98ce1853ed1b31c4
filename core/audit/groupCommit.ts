import type { Database } from '../database/database.ts'
import type { AuditLine } from './line.ts'
import { recordLines } from './store.ts'

export interface AuditTrail {
  /** Resolves when the line is committed; lines that arrive meanwhile are committed together. */
  record(line: AuditLine): Promise<void>
}

interface Waiting {
  readonly line: AuditLine
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: while one batch is on its way to disk the next one gathers, so that many answered reads share
 * one insert and one commit, and none is answered before its line is safe.
 */
export function createAuditTrail(database: Database, { batches = 2, largest = 500 } = {}): AuditTrail {
  let waiting: Waiting[] = []
  let underway = 0

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

  return {
    record: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ line, resolve, reject })
        if (underway === 0) flush()
        else if (waiting.length === 1) setImmediate(flush)
      }),
  }
}

async function store(database: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    await database.platformStatement(recordLines(batch.map(({ line }) => line)))
    for (const { resolve } of batch) resolve()
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
