import { once } from 'node:events'
import { WebSocket } from 'ws'
import { now } from '../measure/clock.ts'
import { percentile } from '../measure/median.ts'
import { answering } from './answering.ts'

/** Where to follow, and as whom. */
export interface Follower {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

interface Call {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: object
}

/** Milliseconds that something took, and how much of it was counted. */
export interface Spread {
  readonly median: number
  readonly p95: number
  readonly count: number
}

let sockets: WebSocket[] = []
let lost = 0
let heard: (at: number) => void = () => undefined

/** Many browsers that follow, in one process. */
answering({
  /** Opens so many at a time, and answers when all of them follow. */
  follow: async ({ followers, atOnce }: { followers: readonly Follower[]; atOnce: number }) => {
    for (let begin = 0; begin < followers.length; begin += atOnce)
      await Promise.all(followers.slice(begin, begin + atOnce).map(open))
  },
  /** Makes calls one after the other, and measures from each until everybody who follows has heard of it. */
  spread: async ({ calls }: { calls: readonly Call[] }): Promise<Spread> => {
    const taken: number[] = []
    for (const call of calls) {
      const everybody = Promise.withResolvers<void>()
      const sent = now()
      let missing = sockets.length
      heard = (at) => {
        taken.push((at - sent) / 1_000)
        if (--missing === 0) everybody.resolve()
      }
      await Promise.all([make(call), everybody.promise])
    }
    return spreadOf(taken)
  },
  /** Makes calls, so many at a time, over so many milliseconds. */
  load: async (given: { call: Call; atOnce: number; milliseconds: number }): Promise<Spread> => {
    const taken: number[] = []
    const end = now() + given.milliseconds * 1_000
    const person = async (): Promise<void> => {
      while (now() < end) {
        const sent = now()
        await make(given.call)
        taken.push((now() - sent) / 1_000)
      }
    }
    await Promise.all(Array.from({ length: given.atOnce }, person))
    return spreadOf(taken)
  },
  /** How many were cut off so far. */
  lost: async () => lost,
  leave: async () => {
    const closed = sockets.map((socket) => once(socket, 'close'))
    for (const socket of sockets) socket.removeAllListeners('close').terminate()
    sockets = []
    await Promise.race([Promise.all(closed), new Promise((later) => setTimeout(later, 1_000))])
  },
})

async function open({ url, headers }: Follower): Promise<void> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  const follows = Promise.withResolvers<void>()
  socket.on('error', follows.reject)
  socket.on('close', () => lost++)
  socket.on('message', (data) => {
    const at = now()
    const text = String(data)
    if (text.includes('"subscribed"')) follows.resolve()
    else if (text.includes('"event"')) heard(at)
  })
  socket.on('open', () => socket.send('{"type":"subscribe","topics":["crm.contacts"]}'))
  await follows.promise
  sockets.push(socket)
}

async function make({ url, method, headers, body }: Call): Promise<void> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
}

const spreadOf = (taken: readonly number[]): Spread => ({
  median: percentile(taken, 0.5),
  p95: percentile(taken, 0.95),
  count: taken.length,
})
