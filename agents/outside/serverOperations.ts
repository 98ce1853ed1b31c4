import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, getOperation, listOperation, operation, sql } from '#core'
import { agentErrors } from '../errors.ts'
import { keyPlace, most, openServer } from './access.ts'
import { domainOf, OutsideServer, readServer, serverFields, serverId, servers } from './server.ts'
import { keepTools, listFrom } from './speak.ts'
import { approval, toolHash } from './tool.ts'

const mostServers = 20
const { name, url, header, key } = serverFields

const listServers = listOperation(servers, {
  name: 'agents.servers.list',
  summary: 'List the outside MCP servers whose tools the company’s agents may use; never their keys',
})

const getServer = getOperation(servers, {
  name: 'agents.servers.get',
  summary: 'Get one outside MCP server; never its key',
})

const createServer = operation({
  name: 'agents.servers.create',
  summary:
    'Add an outside MCP server by its address and key; its tools are fetched by agents.servers.refresh',
  effect: 'write',
  personOnly: true,
  input: z.object({ name, url, header: header.optional(), key: key.optional() }),
  output: OutsideServer,
  async run(given, { tenant, query, vault }) {
    await query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`servers ${tenant.id}`}, 0))`)
    const [{ count } = { count: 0 }] = await query<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM agents.servers WHERE tenant_id = ${tenant.id}`,
    )
    if (count >= mostServers) agentErrors.fail('servers_full', { most: mostServers })
    const id = uuidv7()
    const sealed = given.key === undefined ? null : await vault.seal(keyPlace(id), given.key)
    await query(sql`
      INSERT INTO agents.servers (tenant_id, id, name, domain, url, header, key)
      VALUES (${tenant.id}, ${id}, ${given.name}, ${domainOf(given.name)}, ${given.url}, ${given.header ?? 'Authorization'}, ${sealed})`)
    return readServer(query, id)
  },
})

const updateServer = operation({
  name: 'agents.servers.update',
  summary: 'Change an outside MCP server’s name, address or key, or switch it off and on',
  effect: 'write',
  personOnly: true,
  input: z.object({
    id: serverId,
    name: name.optional(),
    url: url.optional(),
    header: header.optional(),
    key: key.optional(),
    enabled: z.boolean().optional(),
    version: z.int().optional(),
  }),
  output: OutsideServer,
  async run({ id, version, key: given, ...change }, { tenant, query, vault }) {
    const before = await readServer(query, id)
    if (version !== undefined && version !== before.version) fail('version_conflict')
    if (given === undefined) requireSameHost(before, change.url)
    const after = { ...before, ...change }
    await query(sql`
      UPDATE agents.servers SET name = ${after.name}, url = ${after.url}, header = ${after.header}, enabled = ${after.enabled}
      WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    if (given !== undefined)
      await query(sql`
        UPDATE agents.servers SET key = ${await vault.seal(keyPlace(id), given)}
        WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return readServer(query, id)
  },
})

const deleteServer = operation({
  name: 'agents.servers.delete',
  summary: 'Remove an outside MCP server with its key and its tools for good',
  effect: 'destroy',
  personOnly: true,
  input: z.object({ id: serverId }),
  output: z.object({ id: z.uuid(), name: z.string() }),
  async run({ id }, { tenant, query }) {
    const { name: gone } = await readServer(query, id)
    await query(sql`DELETE FROM agents.servers WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return { id, name: gone }
  },
})

/** What is new or has changed waits for an admin. */
const refreshServer = operation({
  name: 'agents.servers.refresh',
  summary:
    'Fetch the list of tools from an outside MCP server; what is new or has changed waits for approval',
  effect: 'send',
  personOnly: true,
  input: z.object({ id: serverId.meta({ sink: 'url' }) }),
  output: OutsideServer,
  async outside({ id }, context) {
    const access = (await openServer(context, id)) ?? fail('not_found')
    return () => listFrom(access, context)
  },
  async run({ id }, { query, tenant, clock }, offered) {
    await query(keepTools(id, offered))
    await query(
      sql`UPDATE agents.servers SET checked_at = ${clock.now()} WHERE tenant_id = ${tenant.id} AND id = ${id}`,
    )
    return readServer(query, id)
  },
})

/** The hashes say what was read: a tool that the server describes anew meanwhile is not approved with them. */
const approveServer = operation({
  name: 'agents.servers.approve',
  summary: 'Approve many tools of an outside MCP server at once, as the server describes them now',
  effect: 'write',
  personOnly: true,
  input: z.object({ id: serverId, hashes: z.array(toolHash).min(1).max(most.tools) }),
  output: OutsideServer,
  async run({ id, hashes }, { query }) {
    await readServer(query, id)
    const approved = await query(approval(sql`server_id = ${id} AND offered_hash = ANY(${hashes})`))
    return approved.length > 0 ? readServer(query, id) : fail('version_conflict')
  },
})

export const serverOperations = [
  listServers,
  getServer,
  createServer,
  updateServer,
  deleteServer,
  refreshServer,
  approveServer,
]

/** A kept key goes to the host that it was given for; sent elsewhere, it would be shown after all. */
function requireSameHost({ url: before, hasKey }: OutsideServer, next: string | undefined): void {
  if (!hasKey || next === undefined || new URL(next).origin === new URL(before).origin) return
  fail('invalid_input', { problem: keyAgain, issues: [{ path: 'key', message: keyAgain.en }] })
}

const keyAgain = {
  da: 'key: skriv nøglen igen, når adressen bliver en anden.',
  en: 'key: write the key again when the address becomes another.',
}
