import { z } from 'zod'
import { identifier, raw, sql } from '../database/sql.ts'
import type { Locale, Sentence } from '../language.ts'
import { tracked } from '../resources/fields.ts'
import { filter, resource } from '../resources/resource.ts'
import { sentenceOfCode } from './reasons.ts'
import { definitionFields, type Definition } from './definition.ts'

export const runStatuses = ['held', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const
export const statuses = ['draft', 'on', 'off', 'stopped'] as const

/** An automation as `platform.automations` keeps it, as far as running it needs. */
export interface Row {
  readonly id: string
  readonly name: string
  readonly event: string
  readonly event_version: number
  readonly conditions: Definition['conditions']
  readonly operation: string
  readonly input: Definition['input']
  readonly delay_minutes: number
  readonly runs_per_hour: number
  readonly status: (typeof statuses)[number]
  readonly reason: Sentence | null
  readonly approved_by: string | null
  readonly approved_hash: string | null
  readonly plugin_version: string | null
  readonly version: number
}

export const definitionOf = (row: Row): Definition => ({
  name: row.name,
  event: row.event,
  eventVersion: row.event_version,
  conditions: row.conditions,
  operation: row.operation,
  input: row.input,
  delayMinutes: row.delay_minutes,
  runsPerHour: row.runs_per_hour,
})

const time = z.iso.datetime({ offset: true })

export const Automation = z.object({
  id: z.uuid(),
  ...definitionFields,
  eventVersion: z.int(),
  status: z.enum(statuses),
  /** Why it switched itself off. */
  reason: z.string().nullable(),
  madeByName: z.string().nullable(),
  madeByAgent: z.boolean(),
  approvedByName: z.string().nullable(),
  approvedAt: time.nullable(),
  lastRunAt: time.nullable(),
  lastRunStatus: z.enum(runStatuses).nullable(),
  ...tracked,
})

const nameOf = (column: 'made_by' | 'approved_by') =>
  raw(`(SELECT p.name FROM platform.people p WHERE p.id = t.${column})`)

const lastRun = (column: 'created_at' | 'status') =>
  raw(`(SELECT j.${column} FROM platform.jobs j WHERE j.tenant_id = t.tenant_id AND j.rule_id = t.id
    ORDER BY j.created_at DESC, j.id DESC LIMIT 1)`)

const automationsIn = (locale: Locale) =>
  resource({
    table: 'platform.automations',
    item: Automation,
    fields: {
      reason: sentenceOfCode(locale),
      madeByName: nameOf('made_by'),
      approvedByName: nameOf('approved_by'),
      lastRunAt: lastRun('created_at'),
      lastRunStatus: lastRun('status'),
    },
    filters: { status: filter(z.enum(statuses), (status) => sql`t.status = ${status}`) },
    sorts: { name: { expression: raw('t.name'), type: 'text' } },
    defaultSort: 'name',
  })

export const automations = { da: automationsIn('da'), en: automationsIn('en') }

/** One automation of the company, locked where it is to change. */
export const rowStatement = (id: string, lock: '' | 'FOR UPDATE' | 'FOR SHARE') =>
  sql`SELECT ${identifier('t')}.* FROM platform.automations t WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id} ${raw(lock)}`
