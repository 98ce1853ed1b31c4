import type { OperationField } from './automations.ts'
import type { Effect } from './platform.ts'

/** `waiting`: a person has to say yes first. */
type CallStatus = 'running' | 'waiting' | 'done' | 'failed' | 'refused'

/** One operation that the agent ran for the reader. */
export type Call = {
  id: string
  operation: string
  title: string
  input?: unknown
  output?: unknown
  error?: { code: string; message: string }
  status: CallStatus
  /** One sentence about what was done, or why it was not. */
  summary?: string
  /** The question that a person has. */
  approval?: { id: string; summary: string }
}

/** One line of what would be sent, deleted or changed; `before` is what stands there now, `sink` says where it goes. */
export type ApprovalField = {
  name: string
  label: string
  value: string
  before: string | null
  sink: 'recipient' | 'url' | 'amount' | 'channel' | null
}

/** What somebody made of it when they approved it. */
export type ApprovalChange = { name: string; label: string; asked: string; value: string }

/** What may be changed of a question before it is approved, and what stays. */
export type ApprovalForm = {
  id: string
  fields: (OperationField & { value: string | number | boolean | null })[]
  fixed: ApprovalField[]
}

/** Something that an agent asks a person to approve. */
export type Approval = {
  id: string
  operation: string
  effect: Effect
  title: string
  summary: string
  fields: ApprovalField[]
  changes: ApprovalChange[]
  /** Names of the fields that may be changed when it is approved. */
  editableFields: string[]
  status: 'pending' | 'approved' | 'done' | 'failed' | 'rejected' | 'void' | 'expired'
  /** Its part of TekUp is switched off: no yes is taken until that is on again. */
  parked: boolean
  /** How it ended, in one sentence. */
  outcome: string | null
  /** For whom the agent asks. */
  personId: string
  personName: string | null
  /** The agent had read words of outsiders. */
  untrusted: boolean
  /** Names of the fields that "always" would hold fast; none where it is not to be had. */
  alwaysFields: string[]
  decidedByName: string | null
  decidedAt: string | null
  expiresAt: string
}

export type Grant = {
  id: string
  title: string
  fields: ApprovalField[]
  personName: string | null
  agentName: string
  uses: number
  expiresAt: string
}

export type Conversation = {
  id: string
  title: string
  agentId: string | null
  /** Several people write in it, in the channel where it takes place. */
  shared: boolean
  updatedAt: string
}

export type StoredMessage = {
  id: string
  /** `other`: said beside the questions, and answered by nobody. */
  role: 'person' | 'agent' | 'other'
  /** Who said it, where several write. */
  author: string | null
  text: string
  calls: Call[]
  status: 'running' | 'done' | 'failed' | 'stopped'
  at: string
}
