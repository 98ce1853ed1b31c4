import { reachableBinaries } from './binaries.ts'
import { ensureDatabase } from './ensureDatabase.ts'
import { prepareFolder, type Folder } from './folder.ts'
import { initialize } from './initialize.ts'
import { stopOrphan } from './orphan.ts'
import { claimFolder } from './owner.ts'
import { runServer, type Told } from './server.ts'
import { chooseServerUser } from './serverUser.ts'

export interface EmbeddedOptions {
  /** The folder that holds everything; made when it is not there. */
  readonly dataDirectory: string
  /** Connections that it takes at most: a few processes' (16 each) unless more is said. */
  readonly connections?: number
  /** Receives what PostgreSQL says, line by line. */
  readonly log?: (line: string) => void
  /** Told in a sentence each time that the server ended by itself and is started again. */
  readonly notice?: (sentence: string) => void
  /** Told once when it ended by itself for good: the process can do no more. */
  readonly lost?: (sentence: string) => void
}

export interface EmbeddedServer {
  /** Superuser's address of the database `tekup`, with the password in it: never print it. */
  readonly adminUrl: string
  /** Ends every connection, writes everything down and stops. Safe to call more than once. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL 18 from its npm package on a loopback port, with all its data under `dataDirectory`:
 *
 *     postgresql/data       the cluster
 *     postgresql/password   its superuser's random password, mode 0600
 *     postgresql/owner      which process runs it now
 *
 * As root, PostgreSQL runs as another user, and the folder may lie where that user cannot go (root's home).
 * The data still stays right there: the server is started with the cluster as its working directory, entered
 * while still root, and knows it only as `/proc/self/cwd`, which needs no way in from above. Its programs find
 * their libraries by path, so those alone are copied to a cache that anybody can read.
 *
 * The server ends with this process, however that ends; if even its guardian was killed, the next start ends it.
 *
 * @throws {StartupFault} with one sentence that says what is wrong and what to do.
 */
export async function startEmbedded({
  dataDirectory,
  connections = 100,
  log = ignore,
  notice = log,
  lost = notice,
}: EmbeddedOptions): Promise<EmbeddedServer> {
  const user = await chooseServerUser(dataDirectory)
  const folder = await prepareFolder(dataDirectory, user)
  const release = await claimFolder(folder)
  try {
    const server = await startIn(folder, connections, { log, notice, lost })
    return { adminUrl: server.adminUrl, stop: once(() => server.stop().finally(release)) }
  } catch (error) {
    await release()
    throw error
  }
}

async function startIn(folder: Folder, connections: number, told: Told): Promise<EmbeddedServer> {
  await stopOrphan(folder)
  const binaries = await reachableBinaries(folder.user)
  const password = await initialize(folder, binaries)
  const server = await runServer(folder, binaries, connections, told)
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${server.port}/tekup`
  try {
    await ensureDatabase(adminUrl)
  } catch (error) {
    await server.stop()
    throw error
  }
  return { adminUrl, stop: server.stop }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= action())
}

function ignore(): void {}
