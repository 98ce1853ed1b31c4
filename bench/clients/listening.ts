import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { now } from '../measure/clock.ts'
import { Answer, type Watched } from './answer.ts'
import { answering } from './answering.ts'

/** A message that is sent to one server, whose answer is listened to as it comes. */
export interface Message {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Microseconds that parts of one answer were under way, from the model's socket to the person's. */
export interface Heard {
  readonly first: number
  readonly last: number
  /** From the model's last byte to the last byte of all. */
  readonly end: number
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
const leaving = new Set<() => void>()
const nothing = (): Watched => ({ words: 0, frames: 0, longestStall: 0 })
let watched = nothing()

/** Many people who listen, in one process. */
answering({
  /** Sends messages, one after the other over so many milliseconds, and answers when all are being answered. */
  open: async ({ messages, within }: { messages: readonly Message[]; within: number }) => {
    const begun: Promise<void>[] = []
    for (const message of messages) {
      begun.push(listen(message).begun)
      await wait(within / messages.length)
    }
    await Promise.all(begun)
  },
  /** Watches what comes for so many milliseconds. */
  watch: async ({ milliseconds }: { milliseconds: number }) => {
    watched = nothing()
    await wait(milliseconds)
    return watched
  },
  /** Leaves all answers where they are. */
  leave: async () => {
    const left = [...leaving]
    leaving.clear()
    for (const leave of left) leave()
  },
  /** Sends messages, so many at a time, and listens to each to its end. */
  converse: async ({ messages, atOnce }: { messages: readonly Message[]; atOnce: number }) => {
    const heard: Heard[] = []
    const waiting = [...messages]
    const person = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) heard.push(await listen(next).ended)
    }
    await Promise.all(Array.from({ length: atOnce }, person))
    return heard
  },
})

function listen({ url, headers, text }: Message): { begun: Promise<void>; ended: Promise<Heard> } {
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<Heard>()]
  const answer = new Answer()
  const sent = request(url, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
  })
  const leave = (): void => void sent.destroy()
  const fail = (error: unknown): void => {
    if (!leaving.has(leave)) return
    ended.reject(error)
    begun.reject(error)
  }
  leaving.add(leave)
  sent.on('error', fail).on('close', () => leaving.delete(leave))
  sent.on('response', (response) => {
    response.setEncoding('utf8').on('error', fail)
    response.on('data', (piece: string) => {
      if (response.statusCode !== 200) return fail(new Error(piece))
      answer.read(piece, watched)
      if (answer.first !== undefined) begun.resolve()
    })
    response.on('end', () => ended.resolve(heardOf(answer)))
  })
  sent.end(JSON.stringify({ text }))
  ended.promise.catch(() => undefined)
  return { begun: begun.promise, ended: ended.promise }
}

const heardOf = ({ first = NaN, last = NaN, sentAt }: Answer): Heard => ({ first, last, end: now() - sentAt })
