import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { raw, sql, type Statement } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Locale } from '../language.ts'
import type { AskedCall } from '../operations/approval.ts'
import { personOf, type WriteContext } from '../operations/context.ts'
import { operation, type AnyOperation, type Who } from '../operations/operation.ts'
import { idOf, listOperation } from '../resources/reads.ts'
import { resource } from '../resources/resource.ts'
import type { Registry } from '../operations/registry.ts'
import type { Approvers } from './approvers.ts'
import { decidersOf } from './deciders.ts'
import { isGrantable, isGranted, type Pinned } from './grantable.ts'
import { Field } from './preview/preview.ts'
import type { Row } from './record.ts'
import { notAlways, notYours } from './sentences.ts'

const time = z.iso.datetime({ offset: true })

const Grant = z.object({
  id: z.uuid(),
  operation: z.string(),
  title: z.string(),
  /** What is held fast, as a person reads it. */
  fields: z.array(Field),
  personId: z.uuid(),
  personName: z.string().nullable(),
  agentName: z.string(),
  uses: z.int(),
  usedAt: time.nullable(),
  expiresAt: time,
  createdAt: time,
  version: z.int(),
})

/** Who may change the company's policy sees and takes back what everybody's agents are allowed. */
const seesAll = 'platform.approvalPolicy:write'
const visible = ({ actor, permissions }: Who) =>
  sql`t.revoked_at IS NULL AND t.expires_at > now() AND (t.person_id = ${personOf(actor) ?? null} OR ${permissions.has(seesAll)})`

const grantsIn = (locale: Locale) =>
  resource({
    table: 'platform.grants',
    item: Grant,
    fields: {
      title: raw(`t.words -> '${locale}' ->> 'title'`),
      fields: raw(`t.words -> '${locale}' -> 'fields'`),
      personName: raw('(SELECT p.name FROM platform.people p WHERE p.id = t.person_id)'),
    },
    sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
    defaultSort: '-createdAt',
    visible,
  })

const grants = { da: grantsIn('da'), en: grantsIn('en') }
const described = {
  name: 'platform.grants.list',
  summary: 'List what agents are always allowed to do',
} as const
const lists = { da: listOperation(grants.da, described), en: listOperation(grants.en, described) }

const listGrants: typeof lists.en = {
  ...lists.en,
  // What is held fast may have been an outsider's words.
  untrusted: true,
  query: (asked, who) => lists[who.locale].query!(asked, who),
}

const deleteGrant = operation({
  name: 'platform.grants.delete',
  summary: 'Take back something that an agent was always allowed to do; it asks again from now on',
  effect: 'write',
  input: z.strictObject({ id: idOf(grants.en) }),
  output: z.object({ id: z.uuid() }),
  async run({ id }, context) {
    const taken = await context.query(sql`
      UPDATE platform.grants t SET revoked_at = now()
      WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id} AND ${visible(context)} RETURNING 1`)
    return taken.length > 0 ? { id } : fail('not_found')
  },
})

export const grantOperations: readonly AnyOperation[] = [listGrants, deleteGrant]

/** "Always allow this", as it is asked for with an approval. */
export const Always = z.strictObject({
  /** Fields that are held fast as well as those that must be. */
  fields: z.array(z.string().max(100)).max(20).optional(),
  days: z.int().min(1).max(365).default(90),
})

/**
 * Keeps what is always allowed from now on. Only the person whose agent it is can say so, and only where they may approve:
 * `approve` has asked the place before.
 */
export async function grant(
  context: WriteContext,
  row: Row,
  { fields = [], days }: z.output<typeof Always>,
): Promise<void> {
  if (row.pins === null) fail('conflict', { reason: notAlways })
  if (row.person_id !== personOf(context.actor)) fail('conflict', { reason: notYours })
  const input = JSON.parse(row.input) as Pinned
  const more = fields.filter((name) => name in input).map((name) => [name, input[name]])
  const pinned = { ...Object.fromEntries(more), ...row.pins }
  const words = { da: heldFast(row, 'da', pinned), en: heldFast(row, 'en', pinned) }
  await context.query(sql`
    INSERT INTO platform.grants (tenant_id, id, person_id, agent_id, agent_name, operation, pinned, words, approval_id, expires_at)
    VALUES (${context.tenant.id}, ${uuidv7()}, ${row.person_id}, ${row.agent_id}, ${row.agent_name}, ${row.operation},
      ${JSON.stringify(pinned)}::jsonb, ${JSON.stringify(words)}::jsonb, ${row.id}, now() + make_interval(days => ${days}))`)
}

const heldFast = ({ words }: Row, locale: Locale, pinned: Pinned) => ({
  title: words[locale].title,
  fields: words[locale].fields
    .filter(({ name }) => name in pinned)
    .map((field) => ({ ...field, before: null })),
})

/**
 * Whether this very call was a question before: then it stays one, whatever is allowed since, because what was approved
 * is carried out by its approval and not by the call that is made again.
 */
export function askedBefore({ caller }: AskedCall): Statement {
  const { actor, idempotencyKey = null } = caller
  return sql`EXISTS (SELECT FROM platform.approvals WHERE tenant_id = (SELECT app.tenant())
    AND person_id = ${personOf(actor) ?? null} AND agent_id = ${actor.id} AND request_key = ${idempotencyKey})`
}

interface KeptGrant {
  readonly id: string
  readonly pinned: Pinned
}

export interface Allowing {
  readonly database: Database
  readonly registry: Registry
  readonly approvers: Approvers
}

/**
 * Whether the person has said that exactly this is always allowed; a use is counted as it is taken. What they have said
 * beforehand counts where they may say it: a place that names others asks them.
 */
export async function isAlwaysAllowed(
  { database, registry, approvers }: Allowing,
  call: AskedCall,
): Promise<boolean> {
  const { operation: asked, caller } = call
  const { actor, tenant, origin } = caller
  if (actor.kind !== 'agent' || !isGrantable(asked)) return false
  const holds = sql`tenant_id = (SELECT app.tenant()) AND person_id = ${actor.personId} AND agent_id = ${actor.id}
    AND operation = ${asked.name} AND revoked_at IS NULL AND expires_at > now()`
  const kept = await database.read<KeptGrant>(
    tenant.id,
    sql`SELECT id, pinned FROM platform.grants WHERE ${holds} AND NOT ${askedBefore(call)}`,
  )
  const fitting = kept.find(({ pinned }) => isGranted(call, pinned))
  if (!fitting) return false
  const { surface, conversation = null } = origin
  const where = { surface, conversation, deciders: decidersOf(asked, registry) }
  const used = await database.transaction(tenant.id, 'READ WRITE', async (transaction) =>
    (await approvers.allow(transaction, where, actor.personId))
      ? transaction.query(sql`
          UPDATE platform.grants SET uses = uses + 1, used_at = now() WHERE ${holds} AND id = ${fitting.id} RETURNING 1`)
      : [],
  )
  return used.length > 0
}
