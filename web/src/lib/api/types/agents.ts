import type { Effect } from './platform.ts'
import type { Call } from './conversations.ts'

/** Somebody at the company to talk to. Rules are names of operations, or patterns such as crm.*:read. */
export type AgentDefinition = {
  name: string
  instructions: string
  modelId: string | null
  allowed: string[]
  asked: string[]
  denied: string[]
  channels: AgentChannel[]
  ownerId: string | null
}

export const agentChannels = ['chat', 'slack', 'voice'] as const

export type AgentChannel = (typeof agentChannels)[number]

export type Agent = AgentDefinition & { id: string; isDefault: boolean; updatedAt: string; version: number }

export type AgentVersion = {
  id: string
  agentId: string
  number: number
  definition: AgentDefinition
  personId: string | null
  createdAt: string
}

export type Verdict = 'good' | 'bad'

/** What a person said of an answer. */
export type Feedback = {
  id: string
  messageId: string
  personId: string
  verdict: Verdict
  operation: string | null
  comment: string | null
  createdAt: string
}

/** Something that agents are to keep in mind. */
export type Note = { id: string; text: string; createdAt: string; version: number }

/** A sentence that somebody taught the agents, with {field} where its arguments stood. */
export type Phrase = {
  id: string
  locale: 'da' | 'en'
  text: string
  said: string
  operation: string
  source: 'confirmed' | 'corrected'
  personId: string | null
  createdAt: string
}

export type ModelVendor = 'openai' | 'azure' | 'google'

/** A language model of the company; of its key only the last four characters are ever told. */
export type ModelSetting = {
  id: string
  name: string
  vendor: ModelVendor
  model: string
  baseUrl: string
  apiVersion: string | null
  keyEnding: string | null
  place: number
  checked: string | null
  checkedAt: string | null
  version: number
}

export type TraceLine = {
  id: string
  conversationId: string
  personName: string | null
  agent: string
  status: 'done' | 'failed' | 'stopped'
  models: string[]
  calls: number
  inputTokens: number
  outputTokens: number
  costMicros: number | null
  currency: string | null
  firstTokenMs: number | null
  totalMs: number
  startedAt: string
  message: string
}

/** One question to one model. */
export type TraceStep = {
  provider: string
  model: string
  told: { role: 'system' | 'person' | 'agent' | 'tool'; text: string; calls: string[] }[]
  tools: string[]
  answer: string
  calls: string[]
  inputTokens: number
  outputTokens: number
  atMs: number
  firstTokenMs: number | null
  totalMs: number
  error: string | null
}

export type TracedCall = Omit<Call, 'title'> & { atMs?: number; totalMs?: number }

export type Trace = TraceLine & { reply: string; steps: TraceStep[]; made: TracedCall[] }

export type Replay = {
  reply: string
  calls: { operation: string; input: unknown; recorded: boolean }[]
  steps: TraceStep[]
}

/** Another company's MCP server whose tools agents may use; of its key only whether there is one. */
export type OutsideServer = {
  id: string
  name: string
  url: string
  header: string
  hasKey: boolean
  enabled: boolean
  checkedAt: string | null
  readyTools: number
  waitingTools: number
  version: number
}

export type OutsideTool = {
  id: string
  serverId: string
  name: string
  operation: string
  title: string
  description: string
  effect: Effect
  trusted: boolean
  allowed: boolean
  status: 'ready' | 'denied' | 'new' | 'changed' | 'gone' | 'unusable' | 'off'
  /** What the server says now, where that is not what was approved. */
  change: { title: string; description: string; schema: unknown; hash: string } | null
  schema: unknown
  version: number
}
