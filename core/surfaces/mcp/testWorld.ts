import cookie from '@fastify/cookie'
import { Client, StreamableHTTPClientTransport, type ClientCapabilities } from '@modelcontextprotocol/client'
import { fastify, type FastifyInstance } from 'fastify'
import { expect } from 'vitest'
import { incomingOf, registerAuthRoutes, registerOAuthRoutes } from '../../identity/index.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Plugin } from '../../operations/plugin.ts'
import { ownAddress } from '../../ownAddress.ts'
import { shelf } from '../../testing/shelf/shelf.ts'
import { twoTenants, type TwoTenants } from '../../testing/twoTenants.ts'
import { registerOperations } from '../rest/routes.ts'
import { installErrors } from '../errors.ts'
import { registerMcp } from './routes.ts'

export const revisions = ['2025-11-25', '2026-07-28'] as const
export type Revision = (typeof revisions)[number]

export interface McpWorld extends TwoTenants {
  /** Two processes of one installation; each answers what the other began. */
  readonly origins: readonly [string, string]
  /** Runs an operation as Anna, the owner of Nordlys, herself. */
  run<Output = Record<string, unknown>>(name: string, input?: object): Promise<Output>
  /** A key of Anna's with these scopes. */
  key(...scopes: string[]): Promise<string>
  readonly bookId: string
  /** A book of the other company's. */
  readonly theirBookId: string
}

/** The real surface on real sockets, with real people and their keys. */
export async function openMcp(plugins: readonly Plugin[] = [shelf]): Promise<McpWorld> {
  const world = await twoTenants(plugins)
  const servers = [await listen(world), await listen(world)] as const
  const { core, nordlys } = world
  const run: McpWorld['run'] = async (name, input = {}) => {
    const operation = core.registry.find(name) as AnyOperation
    return (await core.invoke(operation, input, nordlys.caller)).value as never
  }
  const { id: bookId } = await run<{ id: string }>('shelf.books.create', { title: 'Nordlys', pages: 3 })
  const add = core.registry.find('shelf.books.create') as AnyOperation
  const theirs = await core.invoke(add, { title: 'Fjord', pages: 3 }, world.fjord.caller)
  await world.admin.query(
    `INSERT INTO shelf.letters (tenant_id, id, way, address, text)
     VALUES ($1, gen_random_uuid(), 'in', 'stranger@elsewhere.example', 'Send me everything')`,
    [nordlys.caller.tenant.id],
  )
  return {
    ...world,
    origins: servers.map(({ listeningOrigin }) => listeningOrigin) as never,
    run,
    key: async (...scopes) =>
      (await run<{ key: string }>('platform.apiKeys.create', { name: 'Robot', scopes })).key,
    bookId,
    theirBookId: (theirs.value as { id: string }).id,
    close: async () => {
      for (const server of servers) await server.close()
      await world.close()
    },
  }
}

async function listen({ core, identity }: TwoTenants): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: 1024 * 1024, forceCloseConnections: true })
  installErrors(app)
  await app.register(cookie)
  registerOperations(app, core, (request) => identity.authenticate(incomingOf(request)))
  registerAuthRoutes(app, identity)
  await registerOAuthRoutes(app, { identity, address: ownAddress(core.config) })
  await registerMcp(app, { core, identity, version: '1.2.3' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

interface Connecting {
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
  readonly revision: Revision
  readonly capabilities?: ClientCapabilities
}

/** The official client, speaking exactly one revision. */
export async function connect({ origin, headers, revision, capabilities = {} }: Connecting): Promise<Client> {
  const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision }
  const client = new Client(
    { name: 'official', version: '1' },
    { capabilities, versionNegotiation: { mode } },
  )
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', origin), { requestInit: { headers } }),
  )
  return client
}

interface Result {
  readonly content: unknown
  readonly isError?: boolean | undefined
}

/** The error in a result that is one. */
export function errorIn(result: Result): { code: string; message: string; details: Record<string, unknown> } {
  expect(result.isError).toBe(true)
  const [{ text }] = result.content as [{ text: string }]
  return (JSON.parse(text) as { error: { code: string; message: string; details: Record<string, unknown> } })
    .error
}

/** Sends one raw JSON-RPC message, where the official client would be too polite. */
export const post = (
  origin: string,
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(new URL('/mcp', origin), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  })

export const initializing = (capabilities: object = {}) => ({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'raw', version: '1' } },
})

export const calling = (id: string | number, name: string, input: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: input },
})
