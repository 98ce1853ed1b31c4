import { chown, mkdir, open, readFile, realpath, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ServerUser } from './serverUser.ts'
import { StartupFault } from './startupFault.ts'

/** Where everything of one embedded server lies; all paths are absolute. */
export interface Folder {
  /** As the person named it, for sentences. */
  readonly directory: string
  /** The server's own part of it. */
  readonly root: string
  /** The cluster. */
  readonly data: string
  readonly password: string
  readonly user: ServerUser | undefined
}

/** The major version of PostgreSQL that the package brings. */
const postgresVersion = '18'

/** Makes the folder where it is missing, and refuses one that cannot be written to or that another version wrote. */
export async function prepareFolder(directory: string, user: ServerUser | undefined): Promise<Folder> {
  try {
    await makeFolder(resolve(directory))
    const root = join(await realpath(directory), 'postgresql')
    const data = join(root, 'data')
    await checkVersion(directory, data)
    await makeFolder(root)
    if (user) await chown(root, user.uid, user.gid)
    await tryWriting(root)
    return { directory, root, data, password: join(root, 'password'), user }
  } catch (error) {
    throw isMissing(error)
      ? new StartupFault('data_directory_not_writable', { directory }, error)
      : folderFault(directory, error)
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/**
 * Folder by folder, since Node's `recursive` says ENOENT of a disk that is read-only, and never returns where a folder is
 * there but takes none, as `/proc` is. Throws `folderFault`'s codes; ENOENT comes only from such a place.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeWithin(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

async function makeWithin(path: string): Promise<void> {
  const make = () => mkdir(path, { mode: 0o700 })
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || path === dirname(path)) throw error
    await makeFolder(dirname(path))
    await make()
  })
}

/** What a file system says of a place that it takes nothing at. */
const closed = new Set(['EROFS', 'EACCES', 'EPERM', 'EINVAL', 'ELOOP', 'ENAMETOOLONG'])

/** The sentence for what the file system refused. */
export function folderFault(directory: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new StartupFault('data_directory_not_a_folder', { directory }, error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StartupFault('disk_full', { directory }, error)
  if (code !== undefined && closed.has(code))
    return new StartupFault('data_directory_not_writable', { directory }, error)
  return error
}

async function checkVersion(directory: string, data: string): Promise<void> {
  const found = await readFile(join(data, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => unreadable(directory, error),
  )
  if (found !== undefined && found !== postgresVersion)
    throw new StartupFault('data_directory_version', { directory, found, needed: postgresVersion })
}

function unreadable(directory: string, error: NodeJS.ErrnoException): undefined {
  if (error.code === 'EACCES') throw new StartupFault('data_directory_of_another_user', { directory }, error)
  if (error.code !== 'ENOENT') throw error
}

/** A page's worth, so that a full disk is noticed before anything is begun. */
async function tryWriting(root: string): Promise<void> {
  const probe = join(root, `.probe-${process.pid}`)
  const file = await open(probe, 'w', 0o600)
  try {
    await file.writeFile(Buffer.alloc(8192))
    await file.sync()
  } finally {
    await file.close()
    await rm(probe, { force: true })
  }
}
