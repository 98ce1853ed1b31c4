import { z } from 'zod'
import {
  fail,
  filter,
  idOf,
  itemStatement,
  raw,
  resource,
  sql,
  type Effect,
  type ReadContext,
  type Statement,
} from '#core'
import { serverId } from './server.ts'

const time = z.iso.datetime({ offset: true })

/** What a server says of a tool: outsiders' words. */
const Said = z.object({
  title: z.string(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()),
})

export const effects = ['read', 'write', 'send', 'destroy'] as const satisfies readonly Effect[]

/** A tool of an outside server, as an admin sees it. */
export const OutsideTool = z.object({
  id: z.uuid(),
  serverId: z.uuid(),
  serverName: z.string(),
  /** As the server calls it. */
  name: z.string(),
  /** As agents call it: `outsideWeather.tools.getForecast`. */
  operation: z.string(),
  ...Said.shape,
  effect: z.enum(effects),
  /** Its answers are not taken for an outsider's words. */
  trusted: z.boolean(),
  allowed: z.boolean(),
  /**
   * `new`: nobody has approved it yet; `changed`: the server says something else of it now; `gone`: it has it no more;
   * `unusable`: its input is more than agents are shown.
   */
  status: z.enum(['ready', 'denied', 'new', 'changed', 'gone', 'unusable', 'off']),
  /** What the server says now, where that is not what was approved; approving takes it in by its hash. */
  change: z.object({ ...Said.shape, hash: z.string() }).nullable(),
  version: z.int(),
  createdAt: time,
  updatedAt: time,
})
export type OutsideTool = z.output<typeof OutsideTool>

const server = (column: string): string =>
  `(SELECT s.${column} FROM agents.servers s WHERE s.tenant_id = t.tenant_id AND s.id = t.server_id)`

/** What was approved of it; where nothing was, what the server says. */
const known = 'coalesce(t.definition, t.offered)'

export const tools = resource({
  table: 'agents.tools',
  item: OutsideTool,
  fields: {
    serverName: raw(server('name')),
    operation: raw(`${server('domain')} || '.tools.' || t.verb`),
    title: raw(`${known} ->> 'title'`),
    description: raw(`${known} ->> 'description'`),
    schema: raw(`${known} -> 'schema'`),
    status:
      raw(`CASE WHEN NOT t.allowed THEN 'denied' WHEN t.offered_hash IS NULL THEN 'gone' WHEN NOT t.is_usable THEN 'unusable'
      WHEN t.hash IS NULL THEN 'new' WHEN t.offered_hash <> t.hash THEN 'changed'
      WHEN NOT ${server('enabled')} THEN 'off' ELSE 'ready' END`),
    change: raw(
      `CASE WHEN t.offered_hash IS DISTINCT FROM t.hash THEN t.offered || jsonb_build_object('hash', t.offered_hash) END`,
    ),
  },
  filters: { serverId: filter(serverId, (id) => sql`t.server_id = ${id}`) },
  sorts: { name: { expression: raw('t.name'), type: 'text' } },
  defaultSort: 'name',
})

export const toolId = idOf(tools)

/** SHA-256 of what a server says of a tool. */
export const toolHash = z.string().regex(/^[0-9a-f]{64}$/)

/** What the server says now is what agents are told from here on. */
export const approval = (which: Statement): Statement => sql`
  UPDATE agents.tools SET definition = offered, hash = offered_hash
  WHERE tenant_id = (SELECT app.tenant()) AND ${which} RETURNING 1`

export async function readTool(query: ReadContext['query'], id: string): Promise<OutsideTool> {
  const [row] = await query<{ json: string }>(itemStatement(tools, id))
  return row ? OutsideTool.parse(JSON.parse(row.json)) : fail('not_found')
}
