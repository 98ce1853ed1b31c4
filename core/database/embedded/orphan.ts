import { execFile } from 'node:child_process'
import { readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Folder } from './folder.ts'
import { StartupFault } from './startupFault.ts'

const run = promisify(execFile)
const patience = 30_000

/**
 * Ends a server that outlived the process that started it, and clears away the pid file of one that did not.
 * Called by the folder's owner, so no living TekUp is behind that server. A pid that now belongs to some other
 * program is left alone: the process must work in this very cluster.
 */
export async function stopOrphan(folder: Folder): Promise<void> {
  const pidFile = join(folder.data, 'postmaster.pid')
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid) return
  if (await worksIn(pid, folder.data)) await endServer(pid, folder)
  await rm(pidFile, { force: true })
}

async function worksIn(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.includes(data)
}

/** SIGINT asks PostgreSQL for a fast shutdown, SIGQUIT for an immediate one (its own signals, "Shutting Down the Server"). */
async function endServer(pid: number, folder: Folder): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    tell(pid, signal)
    if (await hasLeft(pid, folder.data)) return
  }
  throw new StartupFault('data_directory_in_use', { directory: folder.directory, process: pid })
}

/** It may have gone by itself since it was looked at. */
function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A process that has ended works nowhere any more, though it keeps its number until its parent has heard of it. */
async function hasLeft(pid: number, data: string): Promise<boolean> {
  const end = Date.now() + patience
  while (Date.now() < end) {
    if (!(await worksIn(pid, data))) return true
    await pause(20)
  }
  return false
}
