import {
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { Fault, fault } from '../../errors.ts'
import type { Caller } from '../../operations/caller.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Outcome } from '../../operations/outcome.ts'
import { answerApproval, isAboutApproval, proposeApproval, waitingIn } from './approval.ts'
import { agentOf, type McpParts, type Visit } from './parts.ts'
import { refusalOf, resultOf } from './result.ts'

/** One call of a tool. */
export interface ToolCall {
  readonly name: string
  readonly input: unknown
  readonly context: ServerContext
}

/**
 * Calls one operation for the program's person, through `invoke` alone. What a person must approve is put to them where
 * the client can, and told as waiting where it cannot.
 */
export async function callTool(
  parts: McpParts,
  visit: Visit,
  call: ToolCall,
): Promise<CallToolResult | InputRequiredResult> {
  const operation =
    parts.tools.find(call.name) ?? (await parts.tools.findBrought(visit.program.tenant.id, call.name))
  if (!operation)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${call.name.slice(0, 200)}`)
  try {
    if (isAboutApproval(call, operation)) return await answerApproval(parts, visit, { ...call, operation })
    const untrusted = operation.effect !== 'read' && (await parts.labels.isUntrusted(visit.program))
    const caller = agentOf(visit, { untrusted, signal: call.context.mcpReq.signal, ...keyOf(visit, call) })
    return resultOf(operation, await perform(parts, visit, operation, call.input, caller))
  } catch (error) {
    const waiting = waitingIn(error)
    if (waiting) return proposeApproval(parts, visit, { ...call, operation }, waiting)
    return refusalOf(refusalIn(error, parts, visit), visit)
  }
}

/** Runs it, and marks the program that has read an outsider's words before it sees them. */
export async function perform(
  { core, labels }: McpParts,
  { program }: Visit,
  operation: AnyOperation,
  input: unknown,
  caller: Caller,
): Promise<Outcome> {
  const outcome = await core.invoke(operation, input, caller)
  if (operation.untrusted) await labels.raise(program, operation)
  return outcome
}

export function refusalIn(error: unknown, { core }: McpParts, { requestId }: Visit): Fault {
  if (error instanceof Fault) return error
  core.log.error({ err: error, requestId }, 'a call over MCP failed')
  return fault('internal', undefined, { cause: error })
}

const lasting = /^[\x21-\x7e]{16,200}$/

/**
 * What makes a repeat of a call the same call: the program's own key; the request's id within a session, where ids are
 * used once; without a session only an id that nobody repeats by counting, such as a UUID.
 */
function keyOf({ idempotencyKey, session }: Visit, { context }: ToolCall): Pick<Caller, 'idempotencyKey'> {
  if (idempotencyKey !== undefined) return { idempotencyKey }
  const { id } = context.mcpReq
  if (session) return { idempotencyKey: `mcp:${session.id}:${JSON.stringify(id).slice(0, 150)}` }
  return typeof id === 'string' && lasting.test(id) ? { idempotencyKey: `mcp:${id}` } : {}
}
