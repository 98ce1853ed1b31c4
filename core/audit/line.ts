import { randomUUIDv7 } from 'node:crypto'
import type { z } from 'zod'
import { raw } from '../database/sql.ts'
import { personOf } from '../operations/context.ts'
import type { Caller } from '../operations/caller.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { secretFields } from '../operations/secrets.ts'

/** One line of the trail, as `platform.audit` stores it. */
export interface AuditLine {
  readonly tenant_id: string
  readonly id: string
  readonly at: string
  readonly actor_kind: string
  readonly actor_id: string
  readonly actor_name: string
  readonly person_id: string | null
  readonly operation: string
  readonly effect: string
  /** `begun` stands for a call that speaks with another system, until another line says how it ended. */
  readonly outcome: 'begun' | 'done' | 'refused' | 'failed'
  readonly code: string | null
  readonly surface: string
  readonly conversation_id: string | null
  readonly request_id: string
  readonly subject_id: string | null
  readonly input: unknown
}

export interface Happening {
  readonly operation: AnyOperation
  readonly caller: Caller
  readonly input: unknown
  readonly at: Date
  readonly outcome: AuditLine['outcome']
  readonly code?: string
  /** The id of what was made or changed, when the input does not carry it. */
  readonly subject?: unknown
}

export function auditLine({ operation, caller, input, at, outcome, code, subject }: Happening): AuditLine {
  const { tenant, actor, origin } = caller
  const subjectId = subject ?? (input as { id?: unknown } | null)?.id
  return {
    tenant_id: tenant.id,
    id: randomUUIDv7(),
    at: at.toISOString(),
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    person_id: personOf(actor) ?? null,
    operation: operation.name,
    effect: operation.effect,
    outcome,
    code: code ?? null,
    surface: origin.surface,
    conversation_id: origin.conversation ?? null,
    request_id: origin.requestId,
    subject_id: typeof subjectId === 'string' ? subjectId.slice(0, longestSubject) : null,
    input: outcome === 'done' || outcome === 'begun' ? kept(operation, input, subjectId) : null,
  }
}

/** What stands for the input of a call that was given the id of its subject and nothing else, which stands in the line anyway. */
const subjectAlone = 'id'

/** The input of line `t`, as it was given. */
export const givenInput = raw(
  `CASE WHEN t.input = '"${subjectAlone}"' THEN jsonb_build_object('id', t.subject_id) ELSE t.input END`,
)

const kept = ({ input: schema }: AnyOperation, input: unknown, subjectId: unknown): unknown =>
  isSubjectAlone(input, subjectId) ? subjectAlone : storable(input, secretFields(schema as z.ZodType))

const isSubjectAlone = (input: unknown, subjectId: unknown): boolean =>
  isPlainObject(input) &&
  typeof subjectId === 'string' &&
  subjectId.length <= longestSubject &&
  Object.keys(input).length === 1 &&
  (input as { id?: unknown }).id === subjectId

const longestSubject = 100

const longest = 2_000

/** The input as the trail may keep it: fields marked `secret` are left out, long texts are cut. */
function storable(value: unknown, secret: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return value.length > longest ? cut(value) : value
  if (Array.isArray(value)) return value.map((item) => storable(item, secret))
  if (!isPlainObject(value)) return value
  const fields = Object.entries(value)
  return Object.fromEntries(
    fields.map(([name, field]) => [name, secret.has(name) ? '[redacted]' : storable(field, secret)]),
  )
}

/** A cut may fall within a character of two halves; half a one cannot be stored. */
const cut = (text: string): string => `${text.slice(0, longest).toWellFormed()}…`

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
