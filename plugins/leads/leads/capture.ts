import { v7 as uuidv7 } from 'uuid'
import { inOrder, present, sent, show, sql, type WriteContext } from '#core'
import { chooseOwner } from '../assignment/choose.ts'
import { leadCaptured, leadCreated } from '../events.ts'
import { scoreLead } from '../scoring/score.ts'
import { leadSettings } from '../settings.ts'
import { remember } from './history.ts'
import { LeadModel } from './lead.model.ts'
import { leads, type Lead } from './lead.ts'

/** What is known of somebody who has written to us, or whom a colleague has written down. */
export interface Captured {
  readonly name: string
  readonly email?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly companyName?: string | null | undefined
  readonly title?: string | null | undefined
  readonly city?: string | null | undefined
  readonly message?: string | null | undefined
  readonly answers?: Record<string, string>
  readonly sourceId?: string | null | undefined
  readonly ownerId?: string | null | undefined
}

/** Whether it made a lead, or joined one that was there. */
export interface Capture {
  readonly lead: Lead
  readonly outcome: 'created' | 'joined'
}

/** Takes in a lead; the same email address within some months is the same lead, which has then written again. */
export async function captureLead(context: WriteContext, given: Captured): Promise<Capture> {
  const known = given.email ? await knownBy(context, given.email) : undefined
  return known
    ? { lead: await join(context, known, given), outcome: 'joined' }
    : { lead: await make(context, given), outcome: 'created' }
}

/** Holds whoever brings the same address until this is committed, so that two at once are one lead. */
async function knownBy(context: WriteContext, email: string): Promise<string | undefined> {
  const { joinedWithinDays } = await context.settings(leadSettings)
  const since = new Date(context.clock.now().getTime() - joinedWithinDays * 86_400_000)
  const [, rows] = await inOrder(
    context.query(
      sql`SELECT pg_advisory_xact_lock(hashtextextended(${`leads ${context.tenant.id} ${email}`}, 0))`,
    ),
    context.query<{ id: string }>(sql`SELECT id FROM leads.leads
      WHERE email = ${email} AND last_captured_at >= ${since} ORDER BY created_at DESC, id LIMIT 1 FOR UPDATE`),
  )
  return rows[0]?.id
}

/** What was unknown is filled in; what is known stays, and all that was sent stands in the history. */
async function join(context: WriteContext, id: string, given: Captured): Promise<Lead> {
  const now = context.clock.now()
  const { phone = null, companyName = null, title = null, city = null, answers = {} } = given
  const joined = context.query(sql`
    UPDATE leads.leads SET captures = captures + 1, last_captured_at = ${now}, phone = coalesce(phone, ${phone}),
      company_name = coalesce(company_name, ${companyName}), title = coalesce(title, ${title}),
      city = coalesce(city, ${city}), answers = answers || ${JSON.stringify(answers)}::jsonb
    WHERE id = ${id}`)
  const line = remember(context, { lead: id, kind: 'captured', details: sentBy(given) })
  await inOrder(joined, line.stored)
  await scoreLead(context, id, { event: line.id, captured: { message: given.message ?? null } })
  const lead = await show(context, leads, id)
  context.emit(leadCaptured, { id, name: lead.name })
  return lead
}

async function make(context: WriteContext, given: Captured): Promise<Lead> {
  const id = uuidv7()
  const now = context.clock.now()
  const created = LeadModel.create({
    tenantId: context.tenant.id,
    id,
    ...(present(given) as Captured),
    statusSince: now,
    lastCapturedAt: now,
  })
  await sent(created)
  const line = remember(context, { lead: id, kind: 'created', details: sentBy(given) })
  await inOrder(created, line.stored)
  await scoreLead(context, id, { event: line.id, captured: { message: given.message ?? null } })
  if (!given.ownerId) await assignByRule(context, await show(context, leads, id))
  const lead = await show(context, leads, id)
  const { name, email, phone, companyName, title, city, ownerId } = lead
  context.emit(leadCreated, { id, name, email, phone, companyName, title, city, ownerId })
  return lead
}

async function assignByRule(context: WriteContext, lead: Lead): Promise<void> {
  const chosen = await chooseOwner(context, lead)
  if (!chosen) return
  const { ownerId, ownerName, rule } = chosen
  const line = remember(context, { lead: lead.id, kind: 'assigned', after: ownerName, reason: rule })
  await inOrder(LeadModel.update({ ownerId }, { where: { id: lead.id } }), line.stored)
}

/** What was sent, without what is the company's own affair. */
function sentBy(given: Captured): Record<string, unknown> {
  const own = new Set(['ownerId', 'sourceId'])
  const said = Object.entries(given).filter(([name, value]) => !own.has(name) && (value ?? null) !== null)
  return Object.fromEntries(said)
}
