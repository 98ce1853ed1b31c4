import { Fault } from '../errors.ts'
import type { Logger } from '../observability/log.ts'
import type { LiveConnection } from './connection.ts'

/** Readers of whom it is not certain what they may hear: nothing is told to them until it has been looked up. */
export interface Doubts {
  about(connection: LiveConnection): void
  /** Access is about to change for them: it is looked up when the change is told, or may have been given up. */
  expect(id: string, concerned: readonly LiveConnection[]): void
  /** The change has been told. */
  told(id: string): void
  forget(connection: LiveConnection): void
}

/** Looked up at once, so that a change of a large company does not take every connection to the database. */
const atOnce = 8

/** Milliseconds after which a change that was on its way has been made or given up; identity waits as long. */
const changeTakes = 5_000

export function createDoubts(logger: Logger): Doubts {
  const waiting = new Set<LiveConnection>()
  const expected = new Map<string, Set<() => void>>()
  let looking = 0

  const about = (connection: LiveConnection): void => {
    if (waiting.has(connection)) return
    waiting.add(connection)
    connection.hold()
    setImmediate(look)
  }
  const look = (): void => {
    for (const connection of waiting) {
      if (looking >= atOnce) return
      waiting.delete(connection)
      looking++
      void lookAt(connection, logger).finally(() => {
        looking--
        look()
      })
    }
  }
  return {
    about,
    expect: (id, concerned) => {
      if (concerned.length === 0) return
      for (const connection of concerned) connection.hold()
      const settles = expected.get(id) ?? new Set()
      const settle = (): void => {
        if (!settles.delete(settle)) return
        if (settles.size === 0 && expected.get(id) === settles) expected.delete(id)
        for (const connection of concerned) {
          about(connection)
          connection.release()
        }
      }
      expected.set(id, settles.add(settle))
      setTimeout(settle, changeTakes).unref()
    },
    told: (id) => expected.get(id)?.forEach((settle) => settle()),
    forget: (connection) => void waiting.delete(connection),
  }
}

/** Where it cannot be found out, it counts as a no. */
async function lookAt(connection: LiveConnection, logger: Logger): Promise<void> {
  try {
    connection.changeTo(await connection.reader.present())
    connection.release()
  } catch (error) {
    const isRefused = error instanceof Fault && error.status === 401
    if (!isRefused) logger.warn({ err: error }, 'it could not be looked up who follows live updates')
    connection.close(isRefused ? 'unauthenticated' : 'unavailable')
  }
}
