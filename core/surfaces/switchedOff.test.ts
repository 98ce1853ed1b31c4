import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../config.ts'
import type { AgentTurn } from '../conversations/agentPort.ts'
import { createConversations } from '../conversations/conversations.ts'
import type { CallRecord } from '../conversations/turn.ts'
import { createCore, type Core } from '../core.ts'
import { openDatabase } from '../database/database.ts'
import { createIdentity, incomingOf, type Identity } from '../identity/index.ts'
import type { LiveMessage } from '../live/hint.ts'
import { createLogger } from '../observability/log.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import { twoTenants, type TwoTenants } from '../testing/twoTenants.ts'
import { registerMcp } from './mcp/routes.ts'
import { connect, errorIn } from './mcp/testWorld.ts'
import { createServer } from './server.ts'
import { registerWeb } from './web.ts'

/** One of several processes of an installation. */
interface Process {
  readonly core: Core
  readonly identity: Identity
  readonly app: FastifyInstance
  close(): Promise<void>
}

async function startProcess({ runtimeUrl, secret }: TwoTenants): Promise<Process> {
  const log = createLogger({ level: 'silent', format: 'json' })
  const config = readConfig({ LOG_LEVEL: 'silent', RATE_LIMIT_PER_MINUTE: '100000', EGRESS_ONLY: 'true' })
  const database = openDatabase({ url: runtimeUrl, pool: 4, sharedReads: 1 })
  const core = createCore({ config, database, secret, plugins: [shelf], log })
  const identity = createIdentity(core)
  await identity.listening
  const app = await createServer({
    core,
    authenticate: (request) => identity.authenticate(incomingOf(request)),
    readiness: { reasons: async () => [] },
  })
  await registerMcp(app, { core, identity, version: '1.2.3' })
  await registerWeb(app, 'no-such-folder')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const close = async () => {
    await app.close()
    await identity.close()
    await core.close()
  }
  return { core, identity, app, close }
}

describe('a part that a company switches off', () => {
  let world: TwoTenants
  let here: Process
  let elsewhere: Process
  let key: string
  let theirKey: string

  beforeAll(async () => {
    world = await twoTenants([shelf])
    here = await startProcess(world)
    elsewhere = await startProcess(world)
    const scopes = ['*.*:read', '*.*:write', '*.*:send', 'platform.approvals:write']
    const makeKey = async (side: 'nordlys' | 'fjord') =>
      (await run<{ key: string }>('platform.apiKeys.create', { name: 'Robot', scopes }, world[side].caller))
        .key
    key = await makeKey('nordlys')
    theirKey = await makeKey('fjord')
  })
  afterAll(async () => {
    await elsewhere.close()
    await here.close()
    await world.close()
  })
  beforeEach(async () => {
    await turn('on')
    const { tenant, actor } = world.nordlys.caller
    const isKnown = async () => (await elsewhere.identity.accessOf(tenant.id, actor.id)).domains.has('shelf')
    await vi.waitUntil(isKnown, { timeout: 120_000 })
  })

  const run = async <Output>(name: string, input: object = {}, caller = world.nordlys.caller) =>
    (await here.core.invoke(here.core.registry.find(name)!, input, caller)).value as Output
  const turn = (to: 'on' | 'off') => run('platform.plugins.update', { id: 'shelf', on: to === 'on' })
  const present = async () => {
    const { tenant, actor, origin } = world.nordlys.caller
    return { ...(await here.identity.accessOf(tenant.id, actor.id)), origin, locale: 'en' as const }
  }

  const get = ({ app }: Process, path: string, apiKey = key) =>
    app.inject({ url: `/api/v1${path}`, headers: { 'x-api-key': apiKey, 'accept-language': 'en' } })
  const mcp = (process: Process) =>
    connect({ origin: process.app.listeningOrigin, headers: { 'x-api-key': key }, revision: '2026-07-28' })

  /** By every machine way in: whether the part is there. */
  const ways: [string, (process: Process, apiKey?: string) => Promise<boolean>][] = [
    [
      'its addresses',
      async (process, apiKey) => (await get(process, '/shelf/books', apiKey)).statusCode === 200,
    ],
    ['the document of the API', async (process, apiKey) => (await get(process, '/openapi.json', apiKey)).body.includes('/shelf/books')], // prettier-ignore
    ['the list of what can be done', async (process, apiKey) => (await get(process, '/platform/operations', apiKey)).body.includes('shelf.books.list')], // prettier-ignore
    ['its settings', async (process, apiKey) => (await get(process, '/platform/settings', apiKey)).body.includes('shelf.lends')], // prettier-ignore
    ['the tools of other programs', async (process) => (await toolsOf(process)).includes('shelf_books_list')],
  ]
  const toolsOf = async (process: Process): Promise<string[]> => {
    const client = await mcp(process)
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor })
      names.push(...page.tools.map(({ name }) => name))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    await client.close()
    return names
  }

  test.each(ways)(
    'is gone from %s at once, in every process, for that company alone, and comes back',
    async (_, isThere) => {
      expect([await isThere(here), await isThere(elsewhere)]).toEqual([true, true])
      await turn('off')
      expect(await isThere(here)).toBe(false)
      await expect.poll(() => isThere(elsewhere)).toBe(false)
      if (isThere.length > 1) expect(await isThere(here, theirKey)).toBe(true)
      await turn('on')
      expect(await isThere(here)).toBe(true)
      await expect.poll(() => isThere(elsewhere)).toBe(true)
    },
  )

  test('answers exactly as what never was', async () => {
    await turn('off')
    const [off, never] = [await get(here, '/shelf/books'), await get(here, '/attic/books')]
    const said = ({ statusCode, body }: typeof off) => [statusCode, JSON.parse(body).error.code, JSON.parse(body).error.message] // prettier-ignore
    expect(said(off)).toEqual(said(never))
    const client = await mcp(here)
    expect(errorIn(await client.callTool({ name: 'shelf_books_list', arguments: {} })).code).toBe('not_found')
    await client.close()
  })

  test('leaves the public reference whole', async () => {
    await turn('off')
    const { body } = await here.app.inject('/api/v1/openapi.json')
    expect(body).toContain('/shelf/books')
  })

  test('keeps its data and what was chosen of it', async () => {
    const { id } = await run<{ id: string }>('shelf.books.create', { title: 'Løvens gab' })
    await run('platform.settings.update', { id: 'shelf.usualPages', value: 77 })
    await turn('off')
    await turn('on')
    expect(await run('shelf.books.get', { id })).toMatchObject({ title: 'Løvens gab' })
    expect(await run('shelf.books.create', { title: 'Tom' })).toMatchObject({ pages: 77 })
  })

  test.each(['here', 'elsewhere'])(
    'tells nobody who reads along %s of it any more, and says so',
    async (where) => {
      const { core, identity } = where === 'here' ? here : elsewhere
      const { tenant, actor } = world.nordlys.caller
      const presentHere = () => identity.accessOf(tenant.id, actor.id)
      const told: LiveMessage[] = []
      const connection = core.live.connect(await presentHere(), {
        kind: 'socket',
        send: (message) => void told.push(message),
        waiting: 0,
        ping: () => connection.alive(),
        close: () => undefined,
        present: presentHere,
      })
      expect((await connection.follow(['shelf.books'])).refused).toEqual([])
      await turn('off')
      await expect.poll(() => told).toContainEqual({ type: 'lost', topics: ['shelf.books'] })
      const [again] = (await connection.follow(['shelf.books'])).refused
      expect(again?.refusal.code).toBe('not_found')
      connection.end()
    },
  )

  /** One turn of an agent that does what the test says, in the given process. */
  const converse = async (process: Process, agent: (turn: AgentTurn) => Promise<void>): Promise<void> => {
    const conversations = createConversations({
      core: process.core,
      accessOf: process.identity.accessOf,
      agent: {
        run: async function* (turn) {
          await agent(turn)
          yield { type: 'text', delta: 'Done.' } as const
        },
      },
    })
    const message = {
      caller: await present(),
      text: 'Go',
      locale: 'en',
      surface: 'chat',
      requestId: 'off',
    } as const
    for await (const event of conversations.handle(message)) if (event.type === 'error') throw event.fault
  }

  test('is offered to no agent, and by no question', async () => {
    const offered: string[][] = []
    const note = async ({ operations }: AgentTurn) =>
      void offered.push(operations.map(({ domain }) => domain))
    await converse(here, note)
    await turn('off')
    await converse(here, note)
    expect(offered[0]).toContain('shelf')
    expect(offered[1]).not.toContain('shelf')
  })

  test.each(['here', 'elsewhere'])(
    'is refused to a turn that is under way %s, with the reason',
    async (where) => {
      const calls: CallRecord[] = []
      const look = async ({ call }: AgentTurn) => {
        const made = await call('shelf.books.list', {}, `call_${calls.length}`)
        calls.push(made)
        return made.status
      }
      await converse(where === 'here' ? here : elsewhere, async (turning) => {
        await look(turning)
        await turn('off')
        await expect.poll(() => look(turning)).toBe('refused')
      })
      expect(calls[0]?.status).toBe('done')
      expect(calls.at(-1)?.error).toEqual({
        code: 'switched_off',
        message: expect.stringContaining('switched off'),
      })
    },
  )

  test('parks what waits for a person’s yes, says so, and lets it be given when it is on again', async () => {
    const { id: book } = await run<{ id: string }>('shelf.books.create', { title: 'Brev til Havneby' })
    const to = 'peter@havneby.example'
    await converse(here, async ({ call }) => {
      expect((await call('shelf.books.lend', { id: book, to }, 'lend')).status).toBe('waiting')
    })
    const waiting = async () =>
      (await run<{ items: { id: string; status: string; parked: boolean }[] }>('platform.approvals.list', { status: 'pending' })).items[0] // prettier-ignore
    const { id } = (await waiting())!
    const approve = async () => run<{ status: string }>('platform.approvals.approve', { id }, await present())
    expect(await waiting()).toMatchObject({ parked: false })
    await turn('off')
    expect(await waiting()).toMatchObject({ id, status: 'pending', parked: true })
    await expect(approve()).rejects.toMatchObject({ code: 'switched_off' })
    await turn('on')
    expect(await waiting()).toMatchObject({ id, parked: false })
    expect(await approve()).toMatchObject({ status: 'done' })
  })
})
