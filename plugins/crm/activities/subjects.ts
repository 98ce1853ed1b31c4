import { fail, identifier, sql, type WriteContext } from '#core'

/** What an activity or a task is about. */
interface Subjects {
  readonly contactId: string | null
  readonly companyId: string | null
  readonly dealId: string | null
}

type GivenSubjects = { readonly [Key in keyof Subjects]?: string | null | undefined }

/**
 * Fills what follows from what was given: a deal names its contact and company, a contact its company. A thing that
 * is not there is refused before anything is written.
 */
export async function subjectsOf(context: WriteContext, given: GivenSubjects): Promise<Subjects> {
  const contactId = given.contactId ?? null
  const companyId = given.companyId ?? null
  const dealId = given.dealId ?? null
  const [found] = await context.query<Subjects & { known: boolean }>(sql`
    SELECT given.deal_id AS "dealId", coalesce(given.contact_id, d.contact_id) AS "contactId",
      coalesce(given.company_id, c.company_id, d.company_id) AS "companyId",
      (given.deal_id IS NULL OR d.id IS NOT NULL) AND (given.contact_id IS NULL OR c.id IS NOT NULL) AS known
    FROM (SELECT ${contactId}::uuid, ${companyId}::uuid, ${dealId}::uuid) AS given (contact_id, company_id, deal_id)
    LEFT JOIN crm.deals d ON d.id = given.deal_id
    LEFT JOIN crm.contacts c ON c.id = given.contact_id`)
  if (!found?.known) fail('not_found')
  return { contactId: found.contactId, companyId: found.companyId, dealId: found.dealId }
}

/** Kinds of activity that mean that we were in touch. */
const contactKinds = ['call', 'meeting', 'email']

export const isContact = (kind: string): boolean => contactKinds.includes(kind)

/** Reads the time of the last contact anew from what is logged, after something logged was changed or taken away. */
export function recountLastContact(
  context: WriteContext,
  { contactId, companyId }: Omit<Subjects, 'dealId'>,
): Promise<unknown>[] {
  const latest = (column: 'contact_id' | 'company_id') => sql`(SELECT max(a.at) FROM crm.activities a
    WHERE a.${identifier(column)} = t.id AND a.kind = ANY (${contactKinds}::text[]) AND a.at <= now())`
  return [
    context.query(
      sql`UPDATE crm.contacts t SET last_contact_at = ${latest('contact_id')} WHERE t.id = ${contactId}`,
    ),
    context.query(
      sql`UPDATE crm.companies t SET last_contact_at = ${latest('company_id')} WHERE t.id = ${companyId}`,
    ),
  ]
}

/** Moves the time of the last contact forward, where this was one and it has happened. */
export function movedLastContact(
  context: WriteContext,
  { contactId, companyId }: Subjects,
  at: Date,
): Promise<unknown>[] {
  return [
    context.query(sql`UPDATE crm.contacts SET last_contact_at = ${at}
      WHERE id = ${contactId} AND (last_contact_at IS NULL OR last_contact_at < ${at})`),
    context.query(sql`UPDATE crm.companies SET last_contact_at = ${at}
      WHERE id = ${companyId} AND (last_contact_at IS NULL OR last_contact_at < ${at})`),
  ]
}
