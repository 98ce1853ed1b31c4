import { fork } from 'node:child_process'
import { once } from 'node:events'
import { flagsOf } from './flags.ts'

/** A process that loads servers and measures what it sees of them. */
export interface Client {
  ask<Answer>(work: string, input?: object): Promise<Answer>
  stop(): Promise<void>
}

/** Starts `bench/clients/<name>`. */
export const startClient = (name: string): Client => startProcess(`clients/${name}`)

/** Starts `bench/workers/<name>`. */
export const startWorker = (name: string): Client =>
  startProcess(`workers/${name}`, flagsOf(`workers/${name}`))

function startProcess(name: string, execArgv: string[] = []): Client {
  const child = fork(new URL(`../${name}`, import.meta.url), { execArgv })
  child.on('exit', (code) => {
    if (code !== 0) throw new Error(`The process ${name} ended with ${code}.`)
  })
  const send = (work: string, input: object): void => void child.send({ work, input })
  return {
    ask: async <Answer>(work: string, input = {}) => {
      send(work, input)
      return ((await once(child, 'message')) as [Answer])[0]
    },
    stop: async () => {
      send('stop', {})
      await once(child, 'exit')
    },
  }
}
