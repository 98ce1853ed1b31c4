import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { Folder } from './folder.ts'
import { startGuardian } from './guardian.ts'
import { clusterName, launchOptions } from './launch.ts'
import { serverFault } from './serverFault.ts'
import { serverArguments } from './settings.ts'

interface RunningServer {
  readonly port: number
  stop(): Promise<void>
}

type Log = (line: string) => void

const attempts = 10

/** Another program took the port, or the processes of a killed server are still on their way out. */
const passing = /Address already in use|pre-existing shared memory block/

/** Runs PostgreSQL on a free loopback port and answers when it takes connections. */
export async function runServer(folder: Folder, binaries: Binaries, log: Log): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const { child, said, ready } = launch(folder, binaries, port, log)
    if (await ready) return running(child, port, log)
    if (attempt === attempts || !passing.test(said())) throw serverFault(folder, said())
    await pause(100)
  }
}

/** Between asking for a free port and using it another program may take it; then the next one is tried. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

function launch(folder: Folder, binaries: Binaries, port: number, log: Log) {
  const child = spawn(binaries.postgres, serverArguments(clusterName(folder, folder.data), port), {
    ...launchOptions(folder, folder.data),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  const ready = new Promise<boolean>((resolve) => {
    child.once('error', (error) => lines.push(error.message))
    child.once('close', () => resolve(false))
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      log(line)
      if (lines.length < 100) lines.push(line)
      if (line.includes('database system is ready to accept connections')) resolve(true)
    })
  })
  return { child, ready, said: () => lines.join('\n') }
}

/** A program that forgets to stop the server may still end: its guardian then stops the server. */
function running(child: ChildProcess, port: number, log: Log): RunningServer {
  const dismissGuardian = startGuardian(child)
  const exited = once(child, 'exit').then(dismissGuardian)
  letProcessEnd(child)
  let stopping = false
  void exited.then(() => stopping || log('The embedded PostgreSQL ended unexpectedly: start TekUp again.'))
  return {
    port,
    stop: async () => {
      stopping = true
      child.ref()
      await shutDown(child, exited)
    },
  }
}

function letProcessEnd(child: ChildProcess): void {
  child.unref()
  const said = child.stderr as (Readable & { unref?: () => void }) | null
  said?.unref?.()
}

/** Fast, then immediate, then by force: PostgreSQL's signals, with time to write its checkpoint. */
async function shutDown(child: ChildProcess, exited: Promise<void>): Promise<void> {
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
