/** What the server sends and takes, as documented at /api/v1/openapi.json. Times are ISO 8601, money is minor units. */

export type Page<Item> = { items: Item[]; nextCursor: string | null }

export type Tenant = { id: string; name: string }

export type Session = {
  person: { id: string; name: string; email: string; locale?: string | null }
  tenant: Tenant
  tenants: Tenant[]
  role: Role
  permissions: string[]
}

export type DemoPerson = { email: string; name: string; tenant: string; role: Role }
export type Bootstrap = { product: string; version: string; demo: { people: DemoPerson[] } | null }

export type Effect = 'read' | 'write' | 'send' | 'destroy'
export type Operation = { name: string; title: string; effect: Effect; phrases: string[] }

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

export const budgetCovers = ['company', 'person', 'agent'] as const
export type BudgetCovers = (typeof budgetCovers)[number]
export type BudgetPeriod = 'day' | 'month'
/** What models may cost in a period. Without a person or agent, each of them has this much. */
export type Budget = {
  id: string
  covers: BudgetCovers
  personId: string | null
  agentId: string | null
  period: BudgetPeriod
  mostCost: number | null
  currency: string
  mostTokens: number | null
  warnPercent: number
  spentCost: number
  spentTokens: number
  usedPercent: number
  renewsAt: string
  version: number
}

export const usageGroupings = ['model', 'agent', 'person', 'conversation'] as const
export type UsageGrouping = (typeof usageGroupings)[number]
export type UsageSums = { calls: number; inputTokens: number; outputTokens: number; milliseconds: number; cost: number; estimatedCalls: number; dearestCalls: number } // prettier-ignore
export type UsageGroup = UsageSums & { key: string | null; name: string | null }
export type UsageOverview = UsageSums & {
  from: string
  to: string
  currency: string
  days: (UsageSums & { day: string })[]
  groups: UsageGroup[]
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

export type Email = { address: string; label?: string | null; primary?: boolean }
export type Phone = { number: string; label?: string | null; primary?: boolean }

/** A postal address, in the parts that a Danish one has. */
export type Postal = {
  address: string | null
  postcode: string | null
  city: string | null
  country: string | null
}

export type Contact = {
  id: string
  name: string
  title: string | null
  companyId: string | null
  companyName: string | null
  ownerId: string | null
  ownerName: string | null
  emails: Email[]
  phones: Phone[]
  tags: string[]
  lastContactAt: string | null
  createdAt: string
  updatedAt: string
  version: number
} & Postal

export type ContactInput = Partial<
  Pick<Contact, 'name' | 'title' | 'companyId' | 'ownerId' | 'emails' | 'phones' | 'tags' | keyof Postal>
> & { evenIfDuplicate?: true }

export type Company = {
  id: string
  name: string
  cvr: string | null
  domain: string | null
  email: string | null
  phone: string | null
  ownerId: string | null
  ownerName: string | null
  tags: string[]
  lastContactAt: string | null
  createdAt: string
  updatedAt: string
  version: number
} & Postal

export type CompanyInput = Partial<
  Pick<Company, 'name' | 'cvr' | 'domain' | 'email' | 'phone' | 'ownerId' | 'tags' | keyof Postal>
> & { evenIfDuplicate?: true }

export type Tag = { id: string; name: string; contacts: number }

export const roles = ['owner', 'admin', 'employee', 'readOnly'] as const
export type Role = (typeof roles)[number]
/** A colleague: somebody who signs in to the company. */
export type Person = { id: string; name: string; email: string; role: Role; version: number }
export type Invitation = {
  id: string
  email: string
  role: Role
  status: 'open' | 'accepted' | 'expired'
  expiresAt: string
}
export type ConnectionScope = 'read' | 'write' | 'send' | 'destroy' | 'approve'

/** What a person is asked before a program is connected. */
export type ConnectionQuestion = {
  client: { id: string; name: string; vouchedBy: string | null }
  answersTo: string
  onThisMachine: boolean
  scopes: ConnectionScope[]
  request: { clientId: string; redirectUri: string; codeChallenge: string; resource: string; state?: string }
}

/** What an invitation says to whoever holds its token. */
export type Invited = { company: string; email: string; role: Role }

export type ActivityKind = 'call' | 'meeting' | 'email' | 'note' | 'stage' | 'other'
export type Activity = {
  id: string
  kind: ActivityKind
  subject: string
  body: string | null
  at: string
  personName: string | null
  contactId: string | null
  contactName: string | null
}

export type Task = {
  id: string
  title: string
  dueOn: string | null
  done: boolean
  ownerName: string | null
}

export type Deal = {
  id: string
  title: string
  stageName: string
  status: 'open' | 'won' | 'lost'
  amount: number
  currency: string
  expectedCloseOn: string | null
  contactName: string | null
  lostReason: string | null
}

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
/** Something that an agent asks a person to approve. */
export type Approval = {
  id: string
  operation: string
  effect: Effect
  title: string
  summary: string
  fields: ApprovalField[]
  status: 'pending' | 'approved' | 'done' | 'failed' | 'rejected' | 'void' | 'expired'
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
export type Conversation = { id: string; title: string; agentId: string | null; updatedAt: string }
export type StoredMessage = {
  id: string
  role: 'person' | 'agent'
  text: string
  calls: Call[]
  status: 'running' | 'done' | 'failed' | 'stopped'
  at: string
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

/** A program that a person let in. */
export type Connection = {
  id: string
  name: string
  scopes: string[]
  lastUsedAt: string | null
  revokedAt: string | null
  createdAt: string
}
export type ApiKey = Connection & { personId: string; expiresAt: string | null }

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
export const effects: Effect[] = ['read', 'write', 'send', 'destroy']
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

export type SignedInDevice = {
  id: string
  current: boolean
  userAgent: string
  address: string
  createdAt: string
  lastUsedAt: string
}
