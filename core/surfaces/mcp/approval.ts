import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  type InputRequest,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { Fault, fault } from '../../errors.ts'
import { inputHash } from '../../operations/canonical.ts'
import { personOf } from '../../operations/context.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { approvalRecord, cardText, type ApprovalRecord } from './approvalRecord.ts'
import type { ToolCall } from './call.ts'
import type { Elicitation, McpParts, Visit } from './parts.ts'
import { waitFor, type ElicitAnswer } from './questions.ts'
import { refusalOf, resultOf, saying } from './result.ts'
import { sentences } from './sentences.ts'

/** What `invoke` says of a question that it has put to a person. */
interface Waiting {
  readonly id: string
  readonly operation: string
  readonly summary: string
  readonly expiresAt: string
}

/** What a program carries from one request to the next while a person decides; sealed, and bound to its credential. */
export interface ApprovalState {
  readonly waiting: Waiting
  readonly way: 'form' | 'url'
  /** The call that asked: another call does not get this one's answer. */
  readonly hash: string
  /** Milliseconds since 1970. */
  readonly asked: number
}

interface OperationCall extends ToolCall {
  readonly operation: AnyOperation
}

type Answered = CallToolResult | InputRequiredResult

/** Milliseconds that a program is kept waiting for a person in all, and in one request of the newest revision. */
const patience = { inAll: 5 * 60_000, inOneRequest: 40_000 }

export function waitingIn(error: unknown): Waiting | undefined {
  if (!(error instanceof Fault) || error.code !== 'approval_required') return undefined
  return error.details['approval'] as Waiting | undefined
}

const stateOf = ({ context }: ToolCall): ApprovalState | undefined =>
  context.mcpReq.requestState<ApprovalState>()

export const isAboutApproval = (call: ToolCall, operation: AnyOperation): boolean =>
  stateOf(call)?.hash === inputHash(operation.name, call.input ?? {})

/** Puts the question to the person by the best way that the client has, or says that it waits. */
export async function proposeApproval(
  parts: McpParts,
  visit: Visit,
  call: OperationCall,
  waiting: Waiting,
): Promise<Answered> {
  const way = wayOf(visit, call.context)
  const record = way && (await recordOf(parts, visit, waiting))
  if (!way || !record) return pending(visit, waiting)
  const state: ApprovalState = {
    waiting,
    way,
    hash: inputHash(call.operation.name, call.input ?? {}),
    asked: Date.now(),
  }
  const question = questionOf(visit, record, state)
  if (!visit.session) return asking(parts, call, state, question)
  const answer = await parts.questions.ask(visit.session.id, visit, call.context, question, patience.inAll)
  return settle(parts, visit, call, { state, answer })
}

/** The program comes back with what its person said. */
export async function answerApproval(parts: McpParts, visit: Visit, call: OperationCall): Promise<Answered> {
  const state = stateOf(call) as ApprovalState
  const answer = call.context.mcpReq.inputResponses?.['approval'] as ElicitAnswer | undefined
  return settle(parts, visit, call, { state, answer: answer ?? { action: 'accept' } })
}

interface Decision {
  readonly state: ApprovalState
  readonly answer: ElicitAnswer | undefined
}

async function settle(
  parts: McpParts,
  visit: Visit,
  call: OperationCall,
  { state, answer }: Decision,
): Promise<Answered> {
  if (state.way === 'form' && answer) await relay(parts, visit, state, answer)
  const goesToSee = state.way === 'url' && answer?.action === 'accept'
  const record = goesToSee
    ? await settledRecord(parts, visit, call, state)
    : await recordOf(parts, visit, state.waiting)
  if (record && isSettled(record)) return endOf(parts, visit, call.operation, record)
  const mayWait = goesToSee && !visit.session && Date.now() - state.asked < patience.inAll
  return mayWait ? asking(parts, call, state) : pending(visit, state.waiting)
}

/** A yes or a no inside the program is the person's where they have said so when they connected it, and only there. */
async function relay(
  parts: McpParts,
  visit: Visit,
  { waiting }: ApprovalState,
  answer: ElicitAnswer,
): Promise<void> {
  if (!visit.program.credential.relaysApprovals || answer.action === 'cancel') return
  const yes = answer.action === 'accept' && answer.content?.['approve'] === true
  const { registry, invoke } = parts.core
  const decide = registry.find(`platform.approvals.${yes ? 'approve' : 'reject'}`)
  if (!decide) throw fault('not_found')
  const { tenant, actor, locale } = visit.program
  const person = await parts.accessOf(tenant.id, personOf(actor) as string)
  const origin = { surface: 'mcp', requestId: visit.requestId } as const
  await invoke(decide, { id: waiting.id }, { ...person, locale, origin })
}

function settledRecord(parts: McpParts, visit: Visit, { context }: OperationCall, state: ApprovalState) {
  const within = visit.session ? patience.inAll : patience.inOneRequest
  return waitFor(context, within, async () => {
    const record = await recordOf(parts, visit, state.waiting)
    return record && isSettled(record) ? record : undefined
  })
}

const isSettled = ({ status }: ApprovalRecord): boolean => status !== 'pending' && status !== 'approved'

/** What came of it. Words of outsiders raise the label here as they do after any other call. */
async function endOf(
  parts: McpParts,
  visit: Visit,
  operation: AnyOperation,
  record: ApprovalRecord,
): Promise<CallToolResult> {
  if (record.status === 'done') {
    if (operation.untrusted) await parts.labels.raise(visit.program, operation)
    return resultOf(operation, { json: JSON.stringify(record.output ?? null), value: record.output })
  }
  if (record.status === 'expired' || !record.outcome) return refusalOf(fault('approval_expired'), visit)
  const { requestId, program } = visit
  return saying({
    error: { code: record.code ?? 'approval_void', message: record.outcome[program.locale], requestId },
  })
}

const recordOf = ({ core }: McpParts, { program }: Visit, { id }: Waiting) =>
  approvalRecord(core.database, program.tenant.id, program.credential.id, id)

/**
 * A form is shown where its answer counts. Else the person is sent to the page where they are signed in themselves:
 * whoever holds the program's token could answer a form.
 */
function wayOf(visit: Visit, context: ServerContext): ApprovalState['way'] | undefined {
  const { form, url } = visit.session?.elicitation ?? elicitationOf(capabilitiesOf(context))
  if (form && visit.program.credential.relaysApprovals) return 'form'
  return url ? 'url' : undefined
}

const capabilitiesOf = (context: ServerContext): ClientCapabilities | undefined =>
  (context.mcpReq.envelope as Readonly<Record<string, ClientCapabilities>> | undefined)?.[
    CLIENT_CAPABILITIES_META_KEY
  ]

/** An empty capability means forms alone, as clients of before URL mode declare it. */
export function elicitationOf(capabilities: ClientCapabilities | undefined): Elicitation {
  const declared = capabilities?.elicitation
  if (!declared) return { form: false, url: false }
  return { form: declared.form !== undefined || declared.url === undefined, url: declared.url !== undefined }
}

function questionOf(visit: Visit, record: ApprovalRecord, { way, waiting }: ApprovalState): InputRequest {
  const { locale } = visit.program
  const message = cardText(record, locale)
  if (way === 'url') return inputRequired.elicitUrl({ message, url: pageOf(visit, waiting) })
  const { approve } = sentences[locale]
  return inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { approve: { type: 'boolean', title: approve, default: false } },
      required: ['approve'],
    },
  })
}

const pageOf = ({ origin }: Visit, { id }: Waiting): string => `${origin}/approvals?id=${id}`

async function asking(
  parts: McpParts,
  { context }: OperationCall,
  state: ApprovalState,
  question?: InputRequest,
): Promise<InputRequiredResult> {
  const requestState = await parts.states.mint(state, context)
  return inputRequired({ ...(question && { inputRequests: { approval: question } }), requestState })
}

/** It waits, and the model is told for whom, where, and what not to do meanwhile. */
function pending(visit: Visit, approval: Waiting): CallToolResult {
  const { locale } = visit.program
  const url = pageOf(visit, approval)
  const body = fault('approval_required', { sentence: approval.summary })
  return saying({
    error: {
      code: body.code,
      message: `${body.sentence(locale)} ${sentences[locale].settleAt(url)}`,
      requestId: visit.requestId,
      details: { approval, url },
    },
  })
}
