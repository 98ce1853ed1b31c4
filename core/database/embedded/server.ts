import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { Folder } from './folder.ts'
import { keepRunning } from './keepRunning.ts'
import { clusterName, launchOptions } from './launch.ts'
import { stopOrphan } from './orphan.ts'
import { serverFault } from './serverFault.ts'
import { serverArguments, type Seat } from './settings.ts'

interface RunningServer {
  readonly port: number
  stop(): Promise<void>
}

/** Who is told what. */
export interface Told {
  /** What PostgreSQL says, line by line. */
  readonly log: (line: string) => void
  /** That the server ended by itself and is started again. */
  readonly notice: (sentence: string) => void
  /** That it ended by itself for good. */
  readonly lost: (sentence: string) => void
}

/** Starts that are tried, the milliseconds between them apart: those of a killed server take seconds to be gone. */
const attempts = 100
const apart = 100

/**
 * Another program took the port, the processes of a killed server are still on their way out, or a product that was killed
 * had begun to start its server again.
 */
const passing =
  /Address already in use|pre-existing shared memory block|lock file "postmaster\.pid" already exists/

/** Runs PostgreSQL on a free loopback port and answers when it takes connections; one that ends by itself is started again. */
export async function runServer(
  folder: Folder,
  binaries: Binaries,
  connections: number,
  told: Told,
): Promise<RunningServer> {
  let port = 0
  const launched = async (
    portOf: () => Promise<number>,
    isEnd: (child: ChildProcess) => boolean,
  ): Promise<ChildProcess> => {
    for (let attempt = 1; ; attempt++) {
      port = await portOf()
      const { child, said, ready } = launch(folder, binaries, { port, connections }, told.log)
      if ((await ready) || isEnd(child)) return child
      if (attempt === attempts || !passing.test(said())) throw serverFault(folder, said())
      await pause(apart)
      await stopOrphan(folder)
    }
  }
  const child = await launched(freePort, () => false)
  // One that is killed while it is being started again has ended by itself once more.
  const wasKilled = ({ signalCode }: ChildProcess): boolean => signalCode !== null
  const again = () => launched(async () => port, wasKilled)
  return { port, stop: keepRunning(child, { ...told, again }) }
}

/** Between asking for a free port and using it another program may take it; then the next one is tried. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

function launch(folder: Folder, binaries: Binaries, seat: Seat, log: Told['log']) {
  const child = spawn(binaries.postgres, serverArguments(clusterName(folder, folder.data), seat), {
    ...launchOptions(folder, folder.data),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  const ready = new Promise<boolean>((resolve) => {
    child.once('error', (error) => lines.push(error.message))
    child.once('close', () => resolve(false))
    // Where it was killed, its own children may keep open what it spoke through.
    child.once('exit', (_code, signal) => signal !== null && resolve(false))
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      log(line)
      if (lines.length < 100) lines.push(line)
      if (line.includes('database system is ready to accept connections')) resolve(true)
    })
  })
  return { child, ready, said: () => lines.join('\n') }
}
