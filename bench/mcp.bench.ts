import { plugins } from '#plugins'
import { printRounds, report } from './measure/report.ts'
import { inTurns, type Variant } from './measure/rounds.ts'
import { accessTokensOf, foundCompanies, settle } from './world/companies.ts'
import { fillContacts } from './world/contacts.ts'
import { openWorld } from './world/database.ts'
import { oursAsked, startOurs } from './world/listVariants.ts'

// The same list of 20 contacts by REST and as an MCP tool of the newest revision, answered by the same server.
const world = await openWorld(plugins)
const companies = await foundCompanies(world, 200)
await fillContacts(world, 200)
await settle(world.admin)
const server = await startOurs(world)

const revision = '2026-07-28'
const tool = 'crm_contacts_list'
const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: tool,
    arguments: { limit: 20, sort: 'createdAt' },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': revision,
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
})
const asTool: Variant = {
  name: 'MCP',
  server,
  requests: (await accessTokensOf(world, companies)).map((token) => ({
    method: 'POST',
    path: '/mcp',
    body,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      'mcp-method': 'tools/call',
      'mcp-name': tool,
    },
  })),
}

const measured = await inTurns([await oursAsked(world, server, companies), asTool], {
  connections: 32,
  rounds: Number(process.env['BENCH_ROUNDS'] ?? 7),
  seconds: Number(process.env['BENCH_SECONDS'] ?? 4),
  databaseCpu: world.cpu,
})
await server.stop()
await world.close()

printRounds(measured)
report('A list of 20 as an MCP tool, against the same by REST, 32 connections', [
  {
    figure: 'calls',
    ours: measured.get('MCP')!.perSecond,
    peer: measured.get('ours')!.perSecond,
    unit: 'req/s',
    limit: { is: 'at least', value: 0.6 },
  },
])
