import { v7 as uuidv7 } from 'uuid'
import type { Database, TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { titleFrom } from './title.ts'
import { leaseSeconds } from './turnStore.ts'
import type { Inbound } from './turn.ts'

/** Where a message landed: its conversation, itself, and the turn that answers it. */
export interface Received {
  readonly conversation: string
  readonly message: string
  readonly turn: string
}

/**
 * Keeps an inbound message with the turn that will answer it and the still empty reply, in one transaction.
 * Deliveries of one message meet on a lock of its key, so the second finds what the first has stored.
 */
export async function receive(
  database: Database,
  inbound: Inbound,
  personId: string,
  now: Date,
): Promise<Received> {
  return database.transaction(inbound.caller.tenant.id, 'READ WRITE', async (transaction) => {
    const known =
      inbound.messageId && (await knownDelivery(transaction, inbound, personId, inbound.messageId))
    if (known) return known
    const conversation = inbound.conversation ?? (await openConversation(transaction, inbound, personId, now))
    if (inbound.conversation) await requireConversation(transaction, inbound.conversation, personId)
    return store(transaction, inbound, { conversation, personId, now })
  })
}

async function knownDelivery(
  { query }: TenantTransaction,
  { caller, text, conversation }: Inbound,
  personId: string,
  key: string,
): Promise<Received | undefined> {
  await query(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${caller.tenant.id}:${personId}:${key}`}, 0))`,
  )
  const [known] = await query<Received & { text: string }>(sql`
    SELECT m.conversation_id AS conversation, m.id AS message, t.id AS turn, m.text
    FROM platform.messages m JOIN platform.turns t ON t.tenant_id = m.tenant_id AND t.message_id = m.id
    WHERE m.tenant_id = ${caller.tenant.id} AND m.person_id = ${personId} AND m.delivery_key = ${key}`)
  if (!known) return undefined
  if (known.text !== text || (conversation ?? known.conversation) !== known.conversation)
    fail('idempotency_mismatch')
  return known
}

async function openConversation(
  { query }: TenantTransaction,
  { caller, text, agent }: Inbound,
  personId: string,
  now: Date,
) {
  const id = uuidv7()
  await query(sql`
    INSERT INTO platform.conversations (tenant_id, id, person_id, title, agent_id, created_at, updated_at, active_at)
    VALUES (${caller.tenant.id}, ${id}, ${personId}, ${titleFrom(text)}, ${agent ?? null}, ${now}, ${now}, ${now})`)
  return id
}

/** A colleague's conversation is answered exactly as one that does not exist. */
async function requireConversation(
  { query }: TenantTransaction,
  id: string,
  personId: string,
): Promise<void> {
  const found = await query(sql`
    SELECT 1 FROM platform.conversations
    WHERE tenant_id = (SELECT app.tenant()) AND id = ${id} AND person_id = ${personId}`)
  if (found.length === 0) fail('not_found')
}

interface Place {
  readonly conversation: string
  readonly personId: string
  readonly now: Date
}

async function store(
  { query }: TenantTransaction,
  inbound: Inbound,
  { conversation, personId, now }: Place,
): Promise<Received> {
  const tenant = inbound.caller.tenant.id
  const [message, reply, turn] = [uuidv7(), uuidv7(), uuidv7()]
  const { text, locale, surface, messageId = null } = inbound
  await Promise.all([
    query(sql`
      INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, status, delivery_key, at)
      VALUES (${tenant}, ${message}, ${conversation}, ${personId}, 'person', ${text}, ${locale}, 'done', ${messageId}, ${now}),
             (${tenant}, ${reply}, ${conversation}, ${personId}, 'agent', '', ${locale}, 'running', NULL, ${now})`),
    query(sql`
      INSERT INTO platform.turns (tenant_id, id, conversation_id, person_id, message_id, reply_id, surface, lease_until)
      VALUES (${tenant}, ${turn}, ${conversation}, ${personId}, ${message}, ${reply}, ${surface},
        now() + make_interval(secs => ${leaseSeconds}))`),
    query(sql`
      UPDATE platform.conversations SET active_at = ${now}
      WHERE tenant_id = ${tenant} AND id = ${conversation}`),
  ])
  return { conversation, message, turn }
}
