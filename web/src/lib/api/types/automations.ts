import type { ApprovalField } from './conversations.ts'
import type { Effect } from './platform.ts'

export type EventField = {
  path: string
  label: string
  type: 'text' | 'number' | 'boolean' | 'day' | 'moment' | 'id' | 'choice' | 'list'
  values: { value: string; label: string }[]
  resource: string | null
}
/** Something that can happen, as automations follow it. */
export type EventKind = { name: string; version: number; title: string; fields: EventField[] }
export type OperationField = {
  name: string
  label: string
  type: 'text' | 'number' | 'money' | 'boolean' | 'day' | 'moment' | 'choice' | 'json'
  required: boolean
  /** Most characters of a text. */
  longest: number | null
  values: { value: string; label: string }[]
  resource: string | null
  sink: string | null
}
export type OperationForm = { id: string; title: string; effect: Effect; fields: OperationField[] }

export const askings = [
  'equals',
  'notEquals',
  'in',
  'contains',
  'greater',
  'less',
  'exists',
  'missing',
] as const
export type Asking = (typeof askings)[number]
export type ConditionTest = { field: string; is: Asking; value?: unknown }
export type ConditionGroup = { match: 'all' | 'any'; of: ConditionTest[] }
export type Conditions = { match: 'all' | 'any'; of: (ConditionTest | ConditionGroup)[] }

export type AutomationInput = {
  name: string
  event: string
  conditions: Conditions
  operation: string
  input: Record<string, unknown>
  delayMinutes: number
  runsPerHour: number
}
export type RunStatus = 'held' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
export type Automation = AutomationInput & {
  id: string
  status: 'draft' | 'on' | 'off' | 'stopped'
  reason: string | null
  madeByName: string | null
  madeByAgent: boolean
  approvedByName: string | null
  approvedAt: string | null
  lastRunAt: string | null
  lastRunStatus: RunStatus | null
  version: number
}
export type DeedField = Omit<ApprovalField, 'before'> & { fromEvent: boolean }
/** An automation with what it would do; `hash` stands for exactly what is shown. */
export type WholeAutomation = Automation & {
  hash: string
  does: { title: string; effect: Effect; warning: string | null; fields: DeedField[] } | null
  accepts: string[]
  problem: string | null
}
export type AutomationTrial = {
  eventId: string | null
  at: string
  payload: unknown
  matches: boolean
  input: unknown
  fields: ApprovalField[]
  problem: string | null
}
export type AutomationRun = {
  id: string
  automationId: string
  operation: string
  eventId: string
  status: RunStatus
  reason: string | null
  createdAt: string
  runAt: string
  endedAt: string | null
  auditId: string | null
}
export type AutomationSwitch = { stopped: boolean; stoppedAt: string | null; stoppedByName: string | null }
