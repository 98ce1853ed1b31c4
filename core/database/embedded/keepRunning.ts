import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { startGuardian } from './guardian.ts'

/** A server that ends this often within these milliseconds has something wrong that no further start mends. */
const bound = { ends: 5, within: 10 * 60_000 }

interface Kept {
  /** Starts the server again, on the port that it had. */
  readonly again: () => Promise<ChildProcess>
  /** Told in a sentence each time that the server has ended by itself. */
  readonly notice: (sentence: string) => void
  /** Told once that the server is gone for good, with the sentence that says what to do. */
  readonly lost: (sentence: string) => void
}

/**
 * Starts a server again that ends by itself (killed for the memory it took, say), and answers how to stop it. What was
 * committed is there again; what was in flight is refused, and connections are made anew when they are next needed.
 */
export function keepRunning(first: ChildProcess, kept: Kept): () => Promise<void> {
  const ends: number[] = []
  let stopping = false
  let current = Promise.resolve(watched(first))
  const goOn = async (): Promise<void> => {
    const { exited } = await current
    await exited
    if (stopping) return
    ends.push(Date.now())
    if (ends.filter((at) => at > Date.now() - bound.within).length >= bound.ends) return kept.lost(tooOften)
    kept.notice(endedByItself)
    current = kept.again().then(watched)
    await goOn()
  }
  void goOn().catch((error: unknown) => stopping || kept.lost(`${notAgain} (${(error as Error).message})`))
  return async () => {
    stopping = true
    const running = await current.catch(() => undefined)
    if (running) await shutDown(running)
  }
}

const endedByItself =
  'The embedded PostgreSQL ended by itself and is started again; what was committed is kept.'
const tooOften = 'The embedded PostgreSQL ended by itself again and again: see whether the machine has memory left, and start TekUp again.' // prettier-ignore
const notAgain = 'The embedded PostgreSQL ended by itself and could not be started again: start TekUp again'

interface Watched {
  readonly child: ChildProcess
  readonly exited: Promise<void>
}

/** A program that forgets to stop the server may still end: its guardian then stops the server. */
function watched(child: ChildProcess): Watched {
  const dismissGuardian = startGuardian(child)
  const hasExited = child.exitCode !== null || child.signalCode !== null
  const exited = (hasExited ? Promise.resolve() : once(child, 'exit')).then(dismissGuardian)
  letProcessEnd(child)
  return { child, exited }
}

function letProcessEnd(child: ChildProcess): void {
  child.unref()
  const said = child.stderr as (Readable & { unref?: () => void }) | null
  said?.unref?.()
}

/** Fast, then immediate, then by force: PostgreSQL's signals, with time to write its checkpoint. */
async function shutDown({ child, exited }: Watched): Promise<void> {
  child.ref()
  for (const [signal, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    const waiting = new AbortController()
    await Promise.race([
      exited,
      pause(patience, undefined, { signal: waiting.signal }).catch(() => undefined),
    ])
    waiting.abort()
  }
}
