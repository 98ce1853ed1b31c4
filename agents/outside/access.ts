import { prepared, sql, type BroughtParts, type Effect, type OutsideContext, type ReadContext } from '#core'
import type { Definition } from './definition.ts'

/** What one server may cost in one go: time, bytes of each answer, tools and the pages that they come on. */
export const most = { milliseconds: 20_000, bytes: 1024 * 1024, tools: 100, pages: 10 }

/** A server as it is spoken to. */
export interface ServerAccess {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly header: string
  readonly key?: string
}

export const keyPlace = (id: string) => ({ table: 'agents.servers', column: 'key', id })

interface ServerRow {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly header: string
  readonly key: Buffer | null
}

/** A tool that agents may use as things stand. */
export interface ReadyTool {
  readonly id: string
  readonly serverId: string
  readonly serverName: string
  readonly serverVersion: number
  readonly url: string
  readonly domain: string
  readonly verb: string
  readonly name: string
  readonly definition: Definition
  readonly hash: string
  readonly effect: Effect
  readonly trusted: boolean
  readonly version: number
}

const ready = sql`
  SELECT t.id, t.server_id AS "serverId", s.name AS "serverName", s.version AS "serverVersion", s.url, s.domain, t.verb,
    t.name, t.definition, t.hash, t.effect, t.trusted, t.version
  FROM agents.tools t JOIN agents.servers s ON s.tenant_id = t.tenant_id AND s.id = t.server_id
  WHERE t.tenant_id = (SELECT app.tenant()) AND s.enabled AND t.allowed AND t.is_usable AND t.hash = t.offered_hash`

/** Those that an admin allows, that have not changed since, and whose server is on. */
export const readyTools = (tenant: string, { database }: BroughtParts): Promise<ReadyTool[]> =>
  database.read<ReadyTool>(
    tenant,
    prepared('tekup_ready_tools', sql`${ready} ORDER BY s.domain, t.verb, t.id`),
  )

export async function readyTool(query: ReadContext['query'], id: string): Promise<ReadyTool | undefined> {
  return (await query<ReadyTool>(sql`${ready} AND t.id = ${id}`))[0]
}

/** The server with its key, or nothing when it is not there. */
export async function openServer(
  { query, vault }: Pick<OutsideContext, 'query' | 'vault'>,
  id: string,
): Promise<ServerAccess | undefined> {
  const [row] = await query<ServerRow>(sql`
    SELECT id, name, url, header, key FROM agents.servers WHERE tenant_id = (SELECT app.tenant()) AND id = ${id}`)
  if (!row) return undefined
  const { key: sealed, ...plain } = row
  if (sealed === null) return plain
  return { ...plain, key: await vault.open(keyPlace(id), sealed) }
}
