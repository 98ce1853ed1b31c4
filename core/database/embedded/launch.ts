import type { SpawnOptions } from 'node:child_process'
import type { Folder } from './folder.ts'

/**
 * How the cluster in `directory` is named to PostgreSQL. For another user it is its working directory, which
 * is entered before the change of user (libuv does it in that order) and so needs no way in from above.
 */
export function clusterName(folder: Folder, directory: string): string {
  return folder.user && process.platform === 'linux' ? '/proc/self/cwd' : directory
}

/** A clean environment: neither PGDATA and its like, nor any of our secrets, reach the server. */
export function launchOptions(folder: Folder, directory: string): SpawnOptions {
  return {
    ...folder.user,
    cwd: directory,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    // Ctrl-C in a terminal goes to the whole group; only this process says when the database may go.
    detached: true,
  }
}
