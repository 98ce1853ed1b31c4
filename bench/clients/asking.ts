import { Agent, get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { now } from '../measure/clock.ts'
import { answering } from './answering.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 32 })

interface Asked {
  readonly url: string
  /** One of these is sent with each request, in turn. */
  readonly tokens: readonly string[]
  readonly perSecond: number
  readonly seconds: number
}

/** People who look at lists: they ask when they ask, however long others wait. */
answering({
  /** Answers how many microseconds each request took. */
  ask: async ({ url, tokens, perSecond, seconds }: Asked) => {
    const begun = now()
    const asked: Promise<number>[] = []
    while (asked.length < perSecond * seconds) {
      const due = ((now() - begun) / 1e6) * perSecond
      while (asked.length < Math.floor(due)) asked.push(timed(url, tokens[asked.length % tokens.length]!))
      await wait(((asked.length + 1 - due) / perSecond) * 1_000)
    }
    return Promise.all(asked)
  },
})

function timed(url: string, token: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const begun = now()
  get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
    if (response.statusCode !== 200) reject(new Error(`A list was answered with ${response.statusCode}.`))
    response.resume().on('end', () => resolve(now() - begun))
  }).on('error', reject)
  return promise
}
