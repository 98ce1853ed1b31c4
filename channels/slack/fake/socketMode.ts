import type { IncomingMessage, Server } from 'node:http'
import { randomUUID } from 'node:crypto'
import { WebSocketServer, type WebSocket } from 'ws'
import type { App } from './app.ts'
import type { FakeClock } from './clock.ts'
import type { Answer, Delivery } from './deliveries.ts'
import type { Ids } from './ids.ts'
import { refuse } from './refusal.ts'

export type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled'

export interface Sockets {
  /** A URL for one socket. @throws SlackRefusal when the app does not use Socket Mode. */
  open(address: string): string
  /** Sends to one of the sockets; without any, to the next that comes. */
  send(delivery: Delivery): Promise<Answer>
  /** Asks the app to come again, as Slack does every few hours. */
  disconnect(reason?: DisconnectReason): void
  attach(server: Server): void
  readonly count: number
  close(): void
}

const mostSockets = 10
const lifeOfTicket = 30_000
const pingEvery = 10_000

/** What is not acknowledged within so many milliseconds is sent anew, to whichever socket is there then. */
export function createSockets(app: App, clock: FakeClock, ids: Ids, patience: number): Sockets {
  const open: WebSocket[] = []
  const tickets = new Map<string, number>()
  const waiting: (() => void)[] = []
  const unanswered = new Map<string, (answer: Answer) => void>()
  const server = new WebSocketServer({ noServer: true })
  const pings = setInterval(() => open.forEach((socket) => socket.ping()), pingEvery).unref()
  let turn = 0

  function greet(socket: WebSocket): void {
    if (open.length >= mostSockets) return sayGoodbye(socket, 'too_many_websockets')
    open.push(socket)
    socket.on('message', (data) => take(String(data)))
    socket.on('close', () => leave(socket))
    socket.on('error', () => leave(socket))
    socket.send(JSON.stringify(hello(app, open.length)))
    for (const send of waiting.splice(0)) send()
  }

  function leave(socket: WebSocket): void {
    const index = open.indexOf(socket)
    if (index !== -1) open.splice(index, 1)
  }

  function take(text: string): void {
    const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id: string; payload?: unknown }
    unanswered.get(id)?.({ status: 200, body: isEmpty(payload) ? '' : payload })
    unanswered.delete(id)
  }

  function send(delivery: Delivery): Promise<Answer> {
    return new Promise((resolve) => {
      const id = randomUUID()
      unanswered.set(id, resolve)
      clock.after(patience, () => unanswered.delete(id))
      const write = (): void => {
        if (unanswered.has(id)) open[turn++ % open.length]?.send(JSON.stringify(envelopeOf(id, delivery)))
      }
      if (open.length > 0) write()
      else waiting.push(write)
    })
  }

  function attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => {
      if (!isInvited(request)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
      server.handleUpgrade(request, socket, head, greet)
    })
  }

  /** A ticket is for one socket, and not for long. */
  function isInvited({ url = '' }: IncomingMessage): boolean {
    const ticket = new URL(url, 'http://fake.slack').searchParams.get('ticket') ?? ''
    const until = tickets.get(ticket) ?? 0
    tickets.delete(ticket)
    return until >= clock.now()
  }

  return {
    attach,
    send,
    open: (address) => {
      if (!app.usesSocketMode) refuse('forbidden_team')
      const ticket = ids.secret('ticket')
      tickets.set(ticket, clock.now() + lifeOfTicket)
      return `${address.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${app.id}`
    },
    disconnect: (reason = 'refresh_requested') =>
      open.slice().forEach((socket) => sayGoodbye(socket, reason)),
    get count() {
      return open.length
    },
    close: () => {
      clearInterval(pings)
      open.forEach((socket) => socket.terminate())
    },
  }
}

function sayGoodbye(socket: WebSocket, reason: DisconnectReason): void {
  socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: debug }))
}

const debug = { host: 'applink-fake', build_number: 10, approximate_connection_time: 18_060 }

const hello = (app: App, connections: number): object => ({
  type: 'hello',
  num_connections: connections,
  debug_info: debug,
  connection_info: { app_id: app.id },
})

const envelopeOf = (id: string, { kind, payload, attempt, reason }: Delivery): object => ({
  envelope_id: id,
  type: kind,
  accepts_response_payload: kind !== 'events_api',
  payload,
  ...(kind === 'events_api' && { retry_attempt: attempt, retry_reason: reason ?? '' }),
})

const isEmpty = (payload: unknown): boolean => !payload || Object.keys(payload).length === 0
