import type { ApprovalField } from './conversations.ts'

export type JobStatus = 'held' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

/** Something that is done in the background. */
export type Job = {
  id: string
  name: string
  cause: 'event' | 'request' | 'schedule' | 'rule'
  status: JobStatus
  personName: string | null
  attempts: number
  piece: number
  progressDone: number | null
  progressTotal: number | null
  code: string | null
  reason: string | null
  runAt: string
  startedAt: string | null
  endedAt: string | null
  createdAt: string
}

export type JobKind = { name: string; title: string; attempts: number }

export type JobFigure = { name: string; status: JobStatus; jobs: number; oldestAt: string }

export type JobExplanation = {
  title: string
  automation: string | null
  mostAttempts: number
  fields: Omit<ApprovalField, 'before'>[]
}
