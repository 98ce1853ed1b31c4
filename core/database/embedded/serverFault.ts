import type { Folder } from './folder.ts'
import { StartupFault } from './startupFault.ts'

const full = /No space left on device|Disk quota exceeded/
const closed = /Read-only file system|Permission denied/
const damaged =
  /database files are incompatible|could not find the database system|invalid (primary )?checkpoint|could not locate a valid checkpoint|incorrect checksum|not a valid data directory/

/** The fault behind what PostgreSQL's programs said before they gave up (they speak English: LC_ALL is C). */
export function serverFault(folder: Folder, said: string): StartupFault {
  const { directory } = folder
  if (full.test(said)) return new StartupFault('disk_full', { directory })
  if (closed.test(said)) return new StartupFault('data_directory_not_writable', { directory })
  const holder = /lock file "postmaster.pid" already exists[^]*?PID (\d+)/.exec(said)?.[1]
  if (holder) return new StartupFault('data_directory_in_use', { directory, process: holder })
  const problem = complaint(said.replaceAll('/proc/self/cwd', folder.data))
  return damaged.test(said)
    ? new StartupFault('data_directory_damaged', { directory, problem })
    : new StartupFault('server_failed', { problem })
}

function complaint(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim())
  const line = lines.findLast((text) => /FATAL|PANIC|error:/.test(text)) ?? lines[0]
  return line?.replace(/^.*?(FATAL|PANIC|error|postgres): */, '').trim() || 'it gave no reason'
}
