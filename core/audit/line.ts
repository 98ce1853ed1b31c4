import { randomUUIDv7 } from 'node:crypto'
import type { z } from 'zod'
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
    subject_id: typeof subjectId === 'string' ? subjectId.slice(0, 100) : null,
    input:
      outcome === 'done' || outcome === 'begun'
        ? storable(input, secretFields(operation.input as z.ZodType))
        : null,
  }
}

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
