import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { flagsOf } from './flags.ts'

/** A server under load, in a process of its own. */
export interface ServerUnderLoad {
  readonly url: string
  /** Microseconds of processor time that the process has used so far. */
  cpu(): Promise<number>
  /** Bytes that the process holds once its garbage is collected: its heap, and what the heap holds outside of itself. */
  memory(): Promise<number>
  stop(): Promise<void>
}

/** Starts `bench/<name>`; what it needs to know travels as JSON. */
export async function startServer(name: string, settings: object = {}): Promise<ServerUnderLoad> {
  const child = fork(new URL(`../${name}`, import.meta.url), [JSON.stringify(settings)], {
    execArgv: ['--expose-gc', ...flagsOf(name)],
  })
  child.on('exit', (code) => {
    if (code !== 0) throw new Error(`The server ${name} ended with ${code}.`)
  })
  const port = await reply<number>(child)
  const ask = (message: 'cpu' | 'memory'): Promise<number> => {
    child.send(message)
    return reply(child)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    cpu: () => ask('cpu'),
    memory: () => ask('memory'),
    stop: async () => {
      child.send('stop')
      await once(child, 'exit')
    },
  }
}

async function reply<Message>(child: ChildProcess): Promise<Message> {
  const [message] = (await once(child, 'message')) as [Message]
  return message
}
