import { fail, Fault, sql, type OutsideContext, type Statement } from '#core'
import { agentErrors } from '../errors.ts'
import { most, type ReadyTool, type ServerAccess } from './access.ts'
import type { OpenServer } from './client.ts'
import { readTools, type OfferedTool } from './definition.ts'
import { throughGate } from './gate.ts'
import { answerOf, type ToolAnswer } from './answer.ts'

type Context = Pick<OutsideContext, 'tenant' | 'signal' | 'egress'>

/** What the server lists now. */
export const listFrom = (access: ServerAccess, context: Context): Promise<OfferedTool[]> =>
  speak(access, context, (server) => toolsOf(server, access))

/** Milliseconds for which a server is taken at its word about its tools. */
const fresh = 5 * 60_000
const mostKept = 1_000
const lists = new Map<string, { readonly at: number; readonly hashes: ReadonlyMap<string, string> }>()

/** Keeps what a server lists now, whatever becomes of the call. */
type Keep = (tools: readonly OfferedTool[]) => Promise<void>

/**
 * Calls one tool. Now and then the server is first asked what its tools are; one that is not what an admin took in is
 * not called. Nothing that the server says of a failure is in the fault: faults mark no conversation. Of a call that broke off
 * nobody knows whether it was made, unless it only reads.
 */
export async function callAt(
  access: ServerAccess,
  tool: ReadyTool,
  input: object,
  context: Context,
  keep?: Keep,
): Promise<ToolAnswer> {
  let isSent = false
  const answer = speak(access, context, async (server) => {
    const known = await knownTools(server, access, tool, context, keep)
    if (known.get(tool.name) !== tool.hash) {
      lists.delete(listKey(tool, context))
      agentErrors.fail('tool_changed')
    }
    isSent = true
    return answerOf(await server.callTool(tool.name, input))
  })
  return answer.catch((error: unknown) => {
    if (isSent && tool.effect !== 'read') fail('outcome_unknown')
    throw error
  })
}

const listKey = ({ serverId, serverVersion }: ReadyTool, { tenant }: Context): string =>
  `${tenant.id} ${serverId} ${serverVersion}`

/** The hashes of the tools that the server has, by their names: as it said lately, or says now. */
async function knownTools(
  server: OpenServer,
  access: ServerAccess,
  tool: ReadyTool,
  context: Context,
  keep: Keep | undefined,
): Promise<ReadonlyMap<string, string>> {
  const key = listKey(tool, context)
  const known = lists.get(key)
  if (known && known.at >= performance.now() - fresh) return known.hashes
  const tools = await toolsOf(server, access)
  await keep?.(tools)
  const hashes = new Map(tools.map(({ name, hash }) => [name, hash]))
  remember(key, { at: performance.now(), hashes })
  return hashes
}

function remember(key: string, list: { at: number; hashes: ReadonlyMap<string, string> }): void {
  lists.delete(key)
  lists.set(key, list)
  if (lists.size > mostKept) lists.delete(lists.keys().next().value as string)
}

async function toolsOf(server: OpenServer, { name }: ServerAccess): Promise<OfferedTool[]> {
  const listed = await server.listTools()
  if (listed.length > most.tools) agentErrors.fail('tools_full', { name, most: most.tools })
  return readTools(listed)
}

async function speak<Result>(
  access: ServerAccess,
  { tenant, signal, egress }: Context,
  work: (server: OpenServer) => Promise<Result>,
): Promise<Result> {
  const isFailure = (error: unknown): boolean => !signal.aborted && !isOurs(error)
  return throughGate({ key: `${tenant.id} ${access.id}`, name: access.name }, isFailure, async () => {
    const { speakWith } = await import('./client.ts')
    return speakWith(access, { egress, signal }, work)
  }).catch((error: unknown) => {
    const known = faultIn(error)
    if (known) throw known
    return agentErrors.fail('server_failed', { name: access.name })
  })
}

/** Our own refusals are no failure of the server's, but for an answer that is too large or too slow. */
const isOurs = (error: unknown): boolean => {
  const found = faultIn(error)
  return found !== undefined && found.code !== 'egress_refused'
}

/** The fault that an error is, or came of. */
function faultIn(error: unknown, depth = 0): Fault | undefined {
  if (error instanceof Fault || depth > 5) return error instanceof Fault ? error : undefined
  const { cause, data } = (error ?? {}) as { cause?: unknown; data?: { cause?: unknown } }
  return cause === undefined && data?.cause === undefined
    ? undefined
    : faultIn(cause ?? data?.cause, depth + 1)
}

/**
 * Takes in what a server lists: what is new, what it says now of what is known, and what it has no more. None of it
 * reaches an agent before an admin has approved it. A tool keeps its name here, whatever the server adds beside it.
 */
export const keepTools = (server: string, tools: readonly OfferedTool[]): Statement => sql`
  WITH offered AS (
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(tools)}::jsonb)
      AS o(name text, verb text, definition jsonb, hash text, "isUsable" boolean)
  ), gone AS (
    UPDATE agents.tools t SET offered = NULL, offered_hash = NULL
    WHERE t.tenant_id = (SELECT app.tenant()) AND t.server_id = ${server} AND t.offered_hash IS NOT NULL
      AND NOT EXISTS (SELECT FROM offered o WHERE o.name = t.name)
  )
  INSERT INTO agents.tools AS t (tenant_id, server_id, name, verb, offered, offered_hash, is_usable)
  SELECT (SELECT app.tenant()), ${server}, o.name,
    CASE WHEN EXISTS (SELECT FROM agents.tools k WHERE k.tenant_id = (SELECT app.tenant()) AND k.server_id = ${server}
        AND k.verb = o.verb AND k.name <> o.name)
      THEN o.verb || left(o.hash, 6) ELSE o.verb END,
    o.definition, o.hash, o."isUsable"
  FROM offered o
  ON CONFLICT (tenant_id, server_id, name) DO UPDATE
    SET offered = excluded.offered, offered_hash = excluded.offered_hash, is_usable = excluded.is_usable
    WHERE (t.offered_hash, t.is_usable) IS DISTINCT FROM (excluded.offered_hash, excluded.is_usable)`
