import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { expect, vi } from 'vitest'
import { WebSocket } from 'ws'
import { readConfig, type Environment } from '../../config.ts'
import { createCore, type Core } from '../../core.ts'
import { openDatabase } from '../../database/database.ts'
import { createIdentity, incomingOf, type Authenticated, type Identity } from '../../identity/index.ts'
import type { LiveBounds } from '../../live/bounds.ts'
import { createLogger } from '../../observability/log.ts'
import { collectGarbage } from '../../testing/collectGarbage.ts'
import { testDatabase } from '../../testing/database.ts'
import { shelf } from '../../testing/shelf/shelf.ts'
import type { ErrorBody } from '../errors.ts'
import { createServer } from '../server.ts'
import { livePaths } from './documentation.ts'
import { registerLive } from './routes.ts'

export const password = 'Regnbue over Nordhavn'
const log = createLogger({ level: 'silent', format: 'json' })

/** One process of the product: its own connections, memory and readers. */
export interface LiveProcess {
  readonly core: Core
  readonly identity: Identity
  readonly app: FastifyInstance
  readonly address: string
  /** Adds a book, as this company's owner, through `invoke`. */
  addBook(who: Authenticated, title?: string): Promise<string>
  call(who: Authenticated, operation: string, input?: object): Promise<unknown>
  close(): Promise<void>
}

export type LiveWorld = Awaited<ReturnType<typeof openLiveWorld>>

/** Two companies on one database, and as many processes as wanted. */
export async function openLiveWorld(environment: Environment = {}) {
  const world = await testDatabase([shelf])
  const processes: LiveProcess[] = []
  const start = async (change: Environment = {}, bounds: Partial<LiveBounds> = {}): Promise<LiveProcess> => {
    const started = await startProcess(world, { ...environment, ...change }, bounds)
    processes.push(started)
    return started
  }
  const first = await start()
  const member = (name: string, email: string) => ({ name, email, password })
  const nordlys = await first.identity.provision({
    company: { name: 'Nordlys Rengøring ApS' },
    owner: member('Anna Nordlys', 'anna@nordlys.example'),
    members: [member('Mikkel Brandt', 'mikkel@nordlys.example')],
  })
  const fjord = await first.identity.provision({
    company: { name: 'Fjord IT A/S' },
    owner: member('Sofie Fjord', 'sofie@fjordit.example'),
    members: [],
  })
  const [anna, mikkel] = await Promise.all(
    nordlys.people.map(({ id }) => first.identity.accessOf(nordlys.tenantId, id)),
  )
  const sofie = await first.identity.accessOf(fjord.tenantId, fjord.people[0]!.id)
  const signIn = (email: string) =>
    first.identity.signIn({ email, password, address: '192.0.2.1', userAgent: 'Firefox' })
  return {
    ...first,
    admin: world.admin,
    anna: anna as Authenticated,
    mikkel: mikkel as Authenticated,
    sofie,
    anotherProcess: start,
    signIn,
    /** An access token of each of them. */
    tokens: async () => ({
      anna: (await signIn('anna@nordlys.example')).accessToken,
      mikkel: (await signIn('mikkel@nordlys.example')).accessToken,
      sofie: (await signIn('sofie@fjordit.example')).accessToken,
    }),
    client: (token: string, headers: Record<string, string> = {}): TestClient =>
      connect(first.address, { ...bearer(token), ...headers }),
    close: async () => {
      for (const process of processes) await process.close()
      await world.close()
    },
  }
}

async function startProcess(
  world: { readonly runtimeUrl: string; readonly secret: Buffer },
  environment: Environment,
  liveBounds: Partial<LiveBounds>,
): Promise<LiveProcess> {
  const database = openDatabase({ url: world.runtimeUrl, pool: 4, sharedReads: 1 })
  const config = readConfig({
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '100000',
    EGRESS_ONLY: 'true',
    ...environment,
  })
  const core = createCore({ config, database, secret: world.secret, plugins: [shelf], log, liveBounds })
  const identity = createIdentity(core)
  await identity.listening
  const app = await createServer({
    core,
    authenticate: (request) => identity.authenticate(incomingOf(request)),
    readiness: { reasons: async () => [] },
    documented: livePaths,
  })
  await registerLive(app, { core, identity })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const call = async (who: Authenticated, name: string, input: object = {}) => {
    const operation = core.registry.find(name)!
    const caller = { ...who, origin: { surface: 'rest', requestId: 'test' } } as const
    return (await core.invoke(operation, input, caller)).value
  }
  let closing: Promise<void> | undefined
  return {
    core,
    identity,
    app,
    address: app.listeningOrigin,
    call,
    addBook: async (who, title = randomUUID()) =>
      ((await call(who, 'shelf.books.create', { title })) as { id: string }).id,
    close: () =>
      (closing ??= app
        .close()
        .then(() => Promise.all([identity.close(), core.close()]))
        .then(() => undefined)),
  }
}

/** What the server says: its type, and what messages of that type hold. */
export interface Message {
  readonly type: string
  readonly id?: string
  readonly event?: string
  readonly subject?: string
  readonly topics?: readonly string[]
  readonly refused?: readonly { readonly topic: string; readonly code: string }[]
  readonly last?: string
  readonly reason?: string
  readonly reconnectAfter?: number
  readonly error?: ErrorBody['error']
}

/** A client on a WebSocket that remembers what it was told. */
export interface TestClient {
  readonly socket: WebSocket
  readonly said: Message[]
  readonly closed: Promise<{ code: number; reason: string }>
  send(message: unknown): void
  /** Sends, and waits for a message of this type that was not there before. */
  ask(message: unknown, type: string): Promise<Message>
  /** Follows topics, and answers what was said to that. */
  follow(topics: string[], last?: string): Promise<Message>
  events(): Message[]
  /** Waits until so many events were told. */
  hears(events: number): Promise<Message[]>
  close(): void
}

export function connect(
  address: string,
  headers: Record<string, string> = {},
  protocols: string[] = [],
): TestClient {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/api/v1/realtime`, protocols, { headers })
  const said: Message[] = []
  socket.on('message', (data) => said.push(JSON.parse(String(data)) as Message))
  socket.on('error', () => undefined)
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  const send = (message: unknown): void =>
    socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  const events = () => said.filter(({ type }) => type === 'event')
  const ask = async (message: unknown, type: string) => {
    const before = said.length
    if (socket.readyState === WebSocket.CONNECTING) await once(socket, 'open')
    send(message)
    return vi.waitFor(
      () => said.slice(before).find((answer) => answer.type === type) ?? expect.fail(`no ${type}`),
      patiently,
    )
  }
  return {
    socket,
    said,
    closed,
    send,
    ask,
    events,
    follow: (topics, last) =>
      ask({ type: 'subscribe', topics, ...(last !== undefined && { last }) }, 'subscribed'),
    hears: (wanted) =>
      vi.waitFor(() => {
        expect(events().length).toBeGreaterThanOrEqual(wanted)
        return events()
      }, patiently),
    close: () => socket.close(),
  }
}

/** Bytes that this process keeps, without what one collection can tidy away. */
export function keptBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export const patiently = { timeout: 120_000, interval: 10 }

/** Returns when nothing to speak of is kept any more: writes just ended hold what they wrote for a few collections. */
export const tidiedAway = (before: number): Promise<void> =>
  vi.waitFor(() => expect(keptBytes() - before).toBeLessThan(2_000_000), { ...patiently, interval: 100 })

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })
