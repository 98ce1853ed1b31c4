import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { folderFault, type Folder } from './folder.ts'
import { clusterName, launchOptions } from './launch.ts'
import { serverFault } from './serverFault.ts'
import { StartupFault } from './startupFault.ts'

/**
 * Returns the superuser's password, after making the cluster when there is none. The cluster is made beside its place
 * and renamed into it when it is whole and on disk, so a start that is cut short leaves nothing half made.
 */
export async function initialize(folder: Folder, binaries: Binaries): Promise<string> {
  if (await stat(folder.data).catch(() => undefined)) return readPassword(folder)
  try {
    const password = await newPassword(folder)
    await makeCluster(folder, binaries)
    return password
  } catch (error) {
    throw folderFault(folder.directory, error)
  }
}

async function readPassword(folder: Folder): Promise<string> {
  const text = await readFile(folder.password, 'utf8').catch(() => '')
  if (!text.trim()) throw new StartupFault('password_missing', { file: folder.password })
  return text.trim()
}

async function newPassword(folder: Folder): Promise<string> {
  const password = randomBytes(32).toString('base64url')
  await rm(folder.password, { force: true })
  const file = await open(folder.password, 'wx', 0o600)
  try {
    if (folder.user) await file.chown(folder.user.uid, folder.user.gid)
    await file.writeFile(`${password}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return password
}

async function makeCluster(folder: Folder, binaries: Binaries): Promise<void> {
  const draft = join(folder.root, 'data.new')
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  if (folder.user) await chown(draft, folder.user.uid, folder.user.gid)
  try {
    await initdbWithLetters(folder, binaries, draft)
    await rename(draft, folder.data)
    await syncDirectory(folder.root)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/**
 * Text sorts and folds by PostgreSQL's own C.UTF-8, alike on every machine. pg_trgm and full text still ask the
 * machine what a letter is, and under plain C they drop æ, ø and å; so the first UTF-8 name it knows is given to them.
 */
async function initdbWithLetters(folder: Folder, binaries: Binaries, draft: string): Promise<void> {
  for (const letters of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    const { code, said } = await initdb(folder, binaries, draft, letters)
    if (code === 0) return
    if (!said.includes('invalid locale name')) throw serverFault(folder, said)
  }
}

function initdb(folder: Folder, binaries: Binaries, draft: string, letters: string) {
  const cluster = clusterName(folder, draft)
  const settings = [
    `--pgdata=${cluster}`,
    `--pwfile=${cluster}/../password`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--lc-ctype=${letters}`,
  ]
  const child = spawn(binaries.initdb, settings, {
    ...launchOptions(folder, draft),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, said }))
  })
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path)
  await directory.sync().finally(() => directory.close())
}
