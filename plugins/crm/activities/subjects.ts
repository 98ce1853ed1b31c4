import { fail, sql, type WriteContext } from '#core'

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
