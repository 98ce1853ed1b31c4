import { plugins } from '#plugins'
import { printRounds, report } from './measure/report.ts'
import { inTurns, type Variant } from './measure/rounds.ts'
import { accessTokensOf, foundCompanies, settle } from './world/companies.ts'
import { fillContacts } from './world/contacts.ts'
import { openWorld } from './world/database.ts'
import { oursAsked, startOurs } from './world/listVariants.ts'

// The same list of 20 contacts by REST and as an MCP tool, in the newest revision and in a session of the one before.
const world = await openWorld(plugins)
const companies = await foundCompanies(world, 200)
await fillContacts(world, 200)
await settle(world.admin)
const server = await startOurs(world)

const tool = 'crm_contacts_list'
const tokens = await accessTokensOf(world, companies)
const call = { name: tool, arguments: { limit: 20, sort: 'createdAt' } }
const headersOf = (token: string) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
})
const messageOf = (method: string, params: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })

const newest = '2026-07-28'
const asTool: Variant = {
  name: newest,
  server,
  requests: tokens.map((token) => ({
    method: 'POST',
    path: '/mcp',
    body: messageOf('tools/call', {
      ...call,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': newest,
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    }),
    headers: {
      ...headersOf(token),
      'mcp-protocol-version': newest,
      'mcp-method': 'tools/call',
      'mcp-name': tool,
    },
  })),
}

const before = '2025-11-25'
const inSession: Variant = {
  name: before,
  server,
  requests: await Promise.all(
    tokens.map(async (token) => ({
      method: 'POST' as const,
      path: '/mcp',
      body: messageOf('tools/call', call),
      headers: {
        ...headersOf(token),
        'mcp-protocol-version': before,
        'mcp-session-id': await sessionOf(token),
      },
    })),
  ),
}

async function sessionOf(token: string): Promise<string> {
  const opened = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: headersOf(token),
    body: messageOf('initialize', {
      protocolVersion: before,
      capabilities: {},
      clientInfo: { name: 'bench', version: '1' },
    }),
  })
  return opened.headers.get('mcp-session-id') as string
}

const measured = await inTurns([await oursAsked(world, server, companies), asTool, inSession], {
  connections: 32,
  rounds: Number(process.env['BENCH_ROUNDS'] ?? 7),
  seconds: Number(process.env['BENCH_SECONDS'] ?? 4),
  databaseCpu: world.cpu,
})
await server.stop()
await world.close()

printRounds(measured)
report(
  'A list of 20 as an MCP tool, against the same by REST, 32 connections',
  [newest, before].map((revision) => ({
    figure: `calls in revision ${revision}`,
    ours: measured.get(revision)!.perSecond,
    peer: measured.get('ours')!.perSecond,
    unit: 'req/s',
    limit: { is: 'at least', value: 0.6 } as const,
  })),
)
