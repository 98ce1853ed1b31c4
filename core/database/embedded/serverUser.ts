import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupFault } from './startupFault.ts'

/** The user that PostgreSQL runs as when this process is root. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/**
 * PostgreSQL refuses to run as root, so root hands it to another user: the owner of existing data, else `postgres`
 * where there is one, else `nobody`. No user is added to the machine. Anybody but root runs it as themselves.
 */
export async function chooseServerUser(dataDirectory: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const user =
    (await ownerOfData(dataDirectory)) ?? (await userNamed('postgres')) ?? (await userNamed('nobody'))
  if (!user) throw new StartupFault('no_server_user')
  return user
}

async function ownerOfData(dataDirectory: string): Promise<ServerUser | undefined> {
  const data = await stat(join(dataDirectory, 'postgresql', 'data')).catch(() => undefined)
  return data && data.uid !== 0 ? { uid: data.uid, gid: data.gid } : undefined
}

async function userNamed(name: string): Promise<ServerUser | undefined> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const entry = users.split('\n').find((line) => line.startsWith(`${name}:`))
  const [uid, gid] = (entry?.split(':').slice(2, 4) ?? []).map(Number)
  return uid && uid > 0 && gid ? { uid, gid } : undefined
}
