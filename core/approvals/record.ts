import { z } from 'zod'
import type { Locale, Sentence } from '../language.ts'
import { raw, sql, type Statement } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { personOf } from '../operations/context.ts'
import type { Who } from '../operations/operation.ts'
import { filter, resource } from '../resources/resource.ts'
import type { Deciders } from './deciders.ts'
import type { Card } from './preview/preview.ts'
import { Field } from './preview/preview.ts'

export const statuses = ['pending', 'approved', 'done', 'failed', 'rejected', 'void', 'expired'] as const
type Status = (typeof statuses)[number]

/** What a person changed when they approved: what was asked, and what is done instead. */
const Change = z.object({ name: z.string(), label: z.string(), asked: z.string(), value: z.string() })

/** The card of what is carried out, where a person has changed what was asked. */
export interface ChangedCard extends Card {
  readonly changes: readonly z.output<typeof Change>[]
}
export type ChangedWords = Readonly<Record<Locale, ChangedCard>>

/** A question as `platform.approvals` keeps it, as far as deciding and carrying out need it. */
export interface Row {
  readonly tenant_id: string
  readonly id: string
  readonly person_id: string
  readonly agent_id: string
  readonly agent_name: string
  readonly deciders: Deciders
  readonly conversation_id: string | null
  readonly surface: string
  readonly locale: Locale
  readonly untrusted: boolean
  readonly operation: string
  readonly permission: string
  readonly plugin_version: string
  readonly input: string
  readonly input_hash: string
  readonly subject_version: number | null
  readonly words: Readonly<Record<Locale, Card>>
  readonly pins: Readonly<Record<string, unknown>> | null
  /** What is carried out instead of the input, and what people read of it. */
  readonly changed_input: string | null
  readonly changed_hash: string | null
  readonly changed_words: ChangedWords | null
  readonly status: Status
  readonly is_open: boolean
  /** Its part of the platform is switched off: it waits until that is on again. */
  readonly is_parked: boolean
  readonly decided_by: string | null
  readonly decider_name: string | null
  readonly attempts: number
  readonly is_late: boolean
  readonly outcome: Sentence | null
}

/** Hours that a carrying-out is tried again after the decision, when the platform itself was in the way. */
const carriedOutWithinHours = 24

/** The operation's own domain, before the first full stop of its name, is switched off. */
const parked = `EXISTS (SELECT FROM platform.domains_off o
  WHERE o.tenant_id = t.tenant_id AND o.domain = split_part(t.operation, '.', 1))`

export const rowColumns = raw(`t.*, t.expires_at > now() AS is_open, ${parked} AS is_parked,
  t.decided_at < now() - interval '${carriedOutWithinHours} hours' AS is_late,
  (SELECT p.name FROM platform.people p WHERE p.id = t.decided_by) AS decider_name`)

const time = z.iso.datetime({ offset: true })

const Approval = z.object({
  id: z.uuid(),
  operation: z.string(),
  effect: z.enum(['write', 'send', 'destroy']),
  title: z.string(),
  /** One sentence about what would be done. */
  summary: z.string(),
  fields: z.array(Field),
  /** Where somebody approved it with other values: the fields above show those, and here stands what was asked. */
  changes: z.array(Change),
  /** The fields that may be changed with the approval; empty where it is approved as it is, or not at all. */
  editableFields: z.array(z.string()),
  status: z.enum(statuses),
  /** It cannot be approved for now: its part of the platform is switched off. */
  parked: z.boolean(),
  /** How it ended, in one sentence. */
  outcome: z.string().nullable(),
  personId: z.uuid(),
  personName: z.string().nullable(),
  agentName: z.string(),
  /** Who decides: the person it is asked for alone, or also whoever may do the same. */
  deciders: z.enum(['asker', 'permitted']),
  conversationId: z.uuid().nullable(),
  /** The conversation had seen words of outsiders. */
  untrusted: z.boolean(),
  /** The fields that "always allow this" would hold fast; empty where it is not to be had. */
  alwaysFields: z.array(z.string()),
  decidedBy: z.uuid().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt: time.nullable(),
  expiresAt: time,
  createdAt: time,
  version: z.int(),
})

/** Whose question it is, and in business domains everybody who may do the same themselves. */
export const mayDecide = ({
  actor,
  permissions,
}: Who): Statement => sql`(t.person_id = ${personOf(actor) ?? fail('not_found')}
  OR t.deciders = 'permitted' AND t.permission = ANY(${[...permissions]}))`

const status = raw(
  `CASE WHEN t.status = 'pending' AND t.expires_at <= now() THEN 'expired' ELSE t.status END`,
)
const personName = (column: 'person_id' | 'decided_by') =>
  raw(`(SELECT p.name FROM platform.people p WHERE p.id = t.${column})`)
const said = (locale: Locale, field: string) =>
  `coalesce(t.changed_words, t.words) -> '${locale}' -> '${field}'`
const saidText = (locale: Locale, field: string) => raw(`${said(locale, field)} #>> '{}'`)

/** The same rows in the reader's language: a card is told in both when it is asked. */
const approvalsIn = (locale: Locale) =>
  resource({
    table: 'platform.approvals',
    item: Approval,
    fields: {
      title: saidText(locale, 'title'),
      summary: saidText(locale, 'summary'),
      fields: raw(said(locale, 'fields')),
      changes: raw(`coalesce(t.changed_words -> '${locale}' -> 'changes', '[]')`),
      editableFields: raw('t.editable'),
      status,
      parked: raw(`(t.status = 'pending' AND ${parked})`),
      outcome: raw(`t.outcome ->> '${locale}'`),
      personName: personName('person_id'),
      alwaysFields: raw(`ARRAY(SELECT jsonb_object_keys(coalesce(t.pins, '{}')))`),
      decidedByName: personName('decided_by'),
    },
    filters: {
      status: filter(z.enum(statuses), (wanted) => sql`${status} = ${wanted}`),
      conversationId: filter(
        z.uuid().meta({ refers: 'platform.conversations' }),
        (id) => sql`t.conversation_id = ${id}`,
      ),
    },
    sorts: {
      createdAt: { expression: raw('t.created_at'), type: 'timestamptz' },
      expiresAt: { expression: raw('t.expires_at'), type: 'timestamptz' },
    },
    defaultSort: '-createdAt',
    visible: mayDecide,
  })

export const approvals = { da: approvalsIn('da'), en: approvalsIn('en') }
export type Approval = z.output<typeof Approval>
