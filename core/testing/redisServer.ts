import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { freePort } from './freePort.ts'

const places = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

/** Where redis-server is, if it is. */
export const redisProgram = places.map((place) => `${place}/redis-server`).find(existsSync)

export interface RedisServer {
  readonly url: string
  command(name: string, ...parameters: string[]): Promise<unknown>
  /** As a machine does that loses its power. */
  kill(): Promise<void>
  /** Starts it again on what it has kept. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A Redis of a test's own, which keeps nothing but what the given settings say. */
export async function startRedis(program: string, settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tekup-redis-'))
  const port = await freePort()
  const parameters = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    folder,
    ...settings,
  ]
  let server = spawn(program, parameters)
  await isReady(server)
  const url = `redis://127.0.0.1:${port}`
  const admin = new Redis(url)
  admin.on('error', () => undefined)
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    server.removeAllListeners('exit')
    server.kill(signal)
    await once(server, 'exit')
  }
  return {
    url,
    command: (name, ...given) => admin.call(name, ...given),
    kill: () => end('SIGKILL'),
    restart: async () => {
      server = spawn(program, parameters)
      await isReady(server)
    },
    stop: async () => {
      admin.disconnect()
      if (server.exitCode === null && server.signalCode === null) await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const isReady = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    createInterface({ input: server.stdout! }).on('line', (line) => {
      if (line.includes('Ready to accept')) resolve()
    })
    server.once('exit', () => reject(new Error('redis-server did not start')))
  })
