import { z } from 'zod'
import { Colleague, domainOf, Email, inOrder, isPublicMailDomain, Line, operation, Phone, shortText, sql, subscription, type ReadContext, type WriteContext } from '#core' // prettier-ignore
import { createCompany } from '../companies/write.ts'
import { contactAdopted } from '../events.ts'
import { writingsOf } from '../values/companyName.ts'
import { nameSimilarity } from '../values/personName.ts'
import { createContact } from './write.ts'

/** What is known of somebody from elsewhere, such as a lead. */
const person = {
  name: shortText(200).meta({ kind: 'personName' }),
  email: Email.meta({ kind: 'email' }).nullish(),
  phone: Phone.meta({ kind: 'phone' }).nullish(),
  companyName: shortText(200).meta({ kind: 'companyName' }).nullish(),
  title: Line.nullish(),
  city: shortText(100).meta({ kind: 'placeName' }).nullish(),
}
type Person = Readonly<z.output<z.ZodObject<typeof person>>>

const Found = z.object({ id: z.uuid(), name: z.string(), outcome: z.enum(['matched', 'created']) })
type Found = z.output<typeof Found>

export const recogniseContact = operation({
  name: 'crm.contacts.recognise',
  summary:
    'Find which contact and company somebody is, by email, phone, name and the domain of their address',
  effect: 'read',
  input: z.strictObject(person),
  output: z.object({ contact: Found.nullable(), company: Found.nullable() }),
  run: (asked, context) => recognised(context, asked),
})

export const adoptContact = operation({
  name: 'crm.contacts.adopt',
  summary: 'Make a contact, and a company, of a lead, or find those that it is already',
  effect: 'write',
  input: z.strictObject({
    ...person,
    leadId: z.uuid().meta({ refers: 'leads.leads' }),
    ownerId: Colleague.nullish(),
  }),
  output: z.object({ contact: Found, company: Found.nullable() }),
  async run({ leadId, ownerId = null, ...given }, context) {
    await oneAtATime(context, given)
    const known = await recognised(context, given)
    const company = known.company ?? (await employer(context, given, ownerId))
    const contact = known.contact ?? (await made(context, given, company, ownerId))
    const { id, name, outcome } = contact
    const again = !(await isFirst(context, leadId))
    context.emit(contactAdopted, {
      id,
      name,
      outcome,
      leadId,
      companyId: company?.id ?? null,
      ownerId,
      again,
    })
    return { contact, company }
  },
})

/** A new lead is somebody whom the CRM knows, or comes to know. */
export const adoptLead = subscription({
  name: 'crm.contacts.adoptLead',
  on: 'leads.leads.created',
  version: 1,
  reads: z.object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    companyName: z.string().nullable(),
    title: z.string().nullable(),
    city: z.string().nullable(),
    ownerId: z.uuid().nullable(),
  }),
  operation: adoptContact,
  input: ({ id, ...lead }) => ({ ...lead, leadId: id }),
})

/** Two leads of one address at once are one contact. */
const oneAtATime = (context: WriteContext, { email, phone, name }: Person): Promise<unknown> =>
  context.query(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`crm ${context.tenant.id} ${email ?? phone ?? name}`}, 0))`,
  )

/** Noted in the same transaction: of two at once, the second waits for the first and learns of it. */
async function isFirst(context: WriteContext, leadId: string): Promise<boolean> {
  const noted = await context.query(sql`
    INSERT INTO crm.adopted_leads (tenant_id, lead_id) VALUES (${context.tenant.id}, ${leadId})
    ON CONFLICT DO NOTHING RETURNING 1`)
  return noted.length > 0
}

interface Row {
  readonly id: string
  readonly name: string
  readonly sameAddress: boolean
  readonly companyId: string | null
  readonly companyName: string | null
}

async function recognised(context: ReadContext | WriteContext, asked: Person) {
  const [people, companies] = await inOrder(peopleLike(context, asked), companiesLike(context, asked))
  const found = people.find((row) => row.sameAddress || nameSimilarity(row.name, asked.name) >= sameName)
  const own = found?.companyId ? { id: found.companyId, name: found.companyName ?? '' } : companies[0]
  return { contact: found ? matched(found) : null, company: own ? matched(own) : null }
}

const matched = ({ id, name }: { id: string; name: string }): Found => ({ id, name, outcome: 'matched' })

/** As where a contact is made by hand: a slip in a name is forgiven. */
const sameName = 0.93

/** Whoever has the address is the person; whoever has the number is, where the name is much the same. */
const peopleLike = (context: ReadContext | WriteContext, { email, phone }: Person): Promise<Row[]> =>
  context.query<Row>(sql`
    SELECT t.id, t.name, ${email ?? ''} = ANY (t.addresses) AS "sameAddress", t.company_id AS "companyId", c.name AS "companyName"
    FROM crm.contacts t LEFT JOIN crm.companies c ON c.tenant_id = t.tenant_id AND c.id = t.company_id
    WHERE t.id IN (SELECT f.id FROM crm.contacts_with_addresses(${email ? [email] : []}::text[]) f)
      OR t.phones @> jsonb_build_array(jsonb_build_object('number', ${phone ?? '-'}::text))
    ORDER BY "sameAddress" DESC, t.created_at, t.id LIMIT 20`)

/** By name, however its form is written, or by the domain of an address that only a company has. */
const companiesLike = (context: ReadContext | WriteContext, asked: Person) =>
  context.query<{ id: string; name: string }>(sql`
    SELECT id, name FROM crm.companies
    WHERE folded_name = ANY (${asked.companyName ? writingsOf(asked.companyName) : []}::text[]) OR domain = ${workDomain(asked)}
    ORDER BY domain IS NOT DISTINCT FROM ${workDomain(asked)} DESC, created_at, id LIMIT 1`)

function workDomain({ email }: Person): string | null {
  const domain = email ? domainOf(email) : undefined
  return domain === undefined || isPublicMailDomain(domain) ? null : domain
}

async function employer(context: WriteContext, asked: Person, ownerId: string | null): Promise<Found | null> {
  if (!asked.companyName) return null
  const domain = workDomain(asked)
  const given = {
    name: asked.companyName,
    ownerId,
    ...(domain && { domain }),
    ...(asked.city && { city: asked.city }),
  }
  const { id, name } = await context.call(createCompany, { ...given, evenIfDuplicate: true })
  return { id, name, outcome: 'created' }
}

async function made(
  context: WriteContext,
  { name: called, email, phone, title }: Person,
  company: Found | null,
  ownerId: string | null,
): Promise<Found> {
  const { id, name } = await context.call(createContact, {
    name: called,
    ownerId,
    companyId: company?.id ?? null,
    ...(title && { title }),
    ...(email && { emails: [{ address: email }] }),
    ...(phone && { phones: [{ number: phone }] }),
  })
  return { id, name, outcome: 'created' }
}
