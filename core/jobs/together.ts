import type { Database, TenantTransaction } from '../database/database.ts'
import type { Row } from './rows.ts'
import type { WorkList } from './work.ts'

/** A piece whose transaction was given up because of another one in it: nothing of it has happened. */
export class Undone extends Error {
  override name = 'Undone'
}

interface Known {
  readonly work: WorkList
  readonly pace: Pace
}

/** Only what is known to be short. One that has failed, has a rule or speaks with another system is by itself. */
export function mayShare({ work, pace }: Known, { name, attempts }: Pick<Row, 'name' | 'attempts'>): boolean {
  const lane = work.find(name)
  return (
    attempts === 1 &&
    lane !== undefined &&
    'operation' in lane &&
    !lane.operation.outside &&
    pace.isShort(name)
  )
}

type Work<Result> = (transaction: TenantTransaction) => Promise<Result>

/** One piece's place in a transaction that it shares. */
export interface Place {
  /** Runs the work, and answers once it is committed with that of the others; throws `Undone` where another one failed. */
  transact<Result>(work: Work<Result>): Promise<Result>
  /** It needs its place no more; the others wait for it no longer. */
  leave(): void
}

interface Waiting {
  run(transaction: TenantTransaction): Promise<void>
  committed(): void
  failed(error: unknown): void
}

/** Milliseconds after which no further piece begins in a transaction: what has been done must not wait long for its end. */
const longest = 50

/**
 * Places in one transaction of a tenant, for pieces that are known to be short. When all have come or left, they run one
 * after the other, so that each finds what the one before has left, as it would in a transaction of its own.
 */
export function shareTransaction(database: Database, tenant: string, places: number): Place[] {
  let expected = places
  const waiting: Waiting[] = []
  const come = (): void => {
    if (--expected === 0) void runAll(database, tenant, waiting)
  }
  return Array.from({ length: places }, () => {
    let isTaken = false
    return {
      transact: (work) => {
        isTaken = true
        return new Promise((resolve, reject) => {
          waiting.push(waitingFor(work, resolve as (result: unknown) => void, reject))
          come()
        })
      },
      leave: () => {
        if (!isTaken) come()
        isTaken = true
      },
    }
  })
}

function waitingFor<Result>(
  work: Work<Result>,
  resolve: (result: Result) => void,
  failed: (error: unknown) => void,
): Waiting {
  let result: Result
  return {
    run: async (transaction) => {
      result = await work(transaction)
    },
    committed: () => resolve(result),
    failed,
  }
}

async function runAll(database: Database, tenant: string, waiting: Waiting[]): Promise<void> {
  while (waiting.length > 0) {
    const begun = [waiting.shift()!]
    await database
      .transaction(tenant, 'READ WRITE', (transaction) => runSome(transaction, begun, waiting))
      .then(
        () => begun.forEach(({ committed }) => committed()),
        (error: unknown) => begun.forEach(({ failed }) => failed(begun.length === 1 ? error : new Undone())),
      )
  }
}

async function runSome(transaction: TenantTransaction, begun: Waiting[], waiting: Waiting[]): Promise<void> {
  const until = performance.now() + longest
  await begun[0]!.run(transaction)
  while (waiting.length > 0 && performance.now() < until) {
    const next = waiting.shift()!
    begun.push(next)
    await next.run(transaction)
  }
}

/** Milliseconds that a piece takes at most on the average where it shares a transaction. */
const short = 20

/** How long pieces have taken of late, by the name of their job. */
export class Pace {
  readonly #average = new Map<string, number>()

  took(name: string, milliseconds: number): void {
    const before = this.#average.get(name) ?? milliseconds
    this.#average.set(name, before + (milliseconds - before) / 8)
  }

  /** Something went wrong: until the next has been well, each is by itself. */
  forget(name: string): void {
    this.#average.delete(name)
  }

  isShort(name: string): boolean {
    return (this.#average.get(name) ?? Infinity) <= short
  }
}
