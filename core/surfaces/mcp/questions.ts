import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InputRequest, ServerContext } from '@modelcontextprotocol/server'
import type { Database } from '../../database/database.ts'
import { sql } from '../../database/sql.ts'
import type { Visit } from './parts.ts'

/** What a client's person said (2025-11-25, client/elicitation). */
export interface ElicitAnswer {
  readonly action: 'accept' | 'decline' | 'cancel'
  readonly content?: Readonly<Record<string, unknown>>
}

/** Sends one JSON-RPC message on the stream of the request that is being answered. */
export type Send = (message: Readonly<Record<string, unknown>>) => Promise<void>

/**
 * Questions of the 2025 revisions: they go out on the stream of the call, and the answer comes as a request of its own,
 * to whichever process it reaches. So it is left in the database, where the process that asked looks for it.
 */
export interface Questions {
  /** The answer, or nothing when the time is over or nobody listens any more. */
  ask(
    session: string,
    visit: Visit,
    context: ServerContext,
    question: InputRequest,
    within: number,
  ): Promise<ElicitAnswer | undefined>
  /** Keeps an answer; one to a question that nobody asked stays unread. */
  answer(session: string, tenant: string, id: unknown, answer: unknown): Promise<void>
}

/** Where a visit's questions can be sent: one entry per request that is under way in this process. */
export type Streams = WeakMap<Visit, Send>

const lookEvery = 400
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function createQuestions(database: Database, streams: Streams): Questions {
  return {
    ask: async (session, visit, context, question, within) => {
      const send = streams.get(visit)
      if (!send) return undefined
      const { id: tenant } = visit.program.tenant
      const id = randomUUID()
      await send({ jsonrpc: '2.0', id, ...withElicitationId(question, id) })
      return waitFor(context, within, async () => {
        const [row] = await database.read<{ answer: ElicitAnswer }>(
          tenant,
          sql`SELECT answer FROM platform.mcp_answers
            WHERE tenant_id = ${tenant} AND session_id = ${session} AND id = ${id}`,
        )
        return row?.answer
      })
    },
    answer: async (session, tenant, id, answer) => {
      if (typeof id !== 'string' || !uuid.test(id)) return
      await database.transaction(tenant, 'READ WRITE', ({ query }) =>
        query(sql`
          INSERT INTO platform.mcp_answers (tenant_id, session_id, id, answer)
          VALUES (${tenant}, ${session}, ${id}, ${JSON.stringify(answer)}::jsonb) ON CONFLICT DO NOTHING`),
      )
    },
  }
}

/** Looks until there is something, the time is over, or the program has gone; tells it now and then that it is waited. */
export async function waitFor<Found>(
  { mcpReq }: ServerContext,
  within: number,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const end = Date.now() + within
  for (let looks = 1; ; looks++) {
    const found = await look()
    if (found !== undefined || Date.now() >= end || mcpReq.signal.aborted) return found
    if (looks % 25 === 0) await tellProgress(mcpReq, looks)
    await sleep(lookEvery, undefined, { signal: mcpReq.signal }).catch(() => undefined)
  }
}

/** A client that asked for progress does not give up while it hears of it. */
async function tellProgress({ _meta, notify }: ServerContext['mcpReq'], progress: number): Promise<void> {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return
  await notify({ method: 'notifications/progress', params: { progressToken, progress } }).catch(
    () => undefined,
  )
}

/** 2025-11-25 wants an id of its own in URL mode. */
function withElicitationId({ method, params }: InputRequest, elicitationId: string) {
  const isUrl = (params as { mode?: unknown } | undefined)?.mode === 'url'
  return { method, params: isUrl ? { ...params, elicitationId } : params }
}
