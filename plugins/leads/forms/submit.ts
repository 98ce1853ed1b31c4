import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, idOf, operation, sql, type WriteContext } from '#core'
import { leadErrors } from '../errors.ts'
import { submissionQuarantined } from '../events.ts'
import type { Captured } from '../leads/capture.ts'
import { acceptSubmission, type Kept } from '../submissions/accept.ts'
import { readFields, type FormField } from './fields.ts'
import { forms } from './form.ts'
import { suspicionsOf } from './suspicion.ts'

/** What the door saw of a visitor. */
const Visit = z.strictObject({
  network: z.string().max(60).nullish(),
  origin: z.string().max(300).nullish(),
  isAllowedOrigin: z.boolean().default(true),
})

const Sent = z.strictObject({
  id: idOf(forms),
  values: z.record(z.string().max(40), z.string()).meta({
    description: 'The fields of the form by their keys, each of at most 5,000 characters',
    examples: [{ name: 'Bente Skov', email: 'bente@havneby.example' }],
  }),
  consent: z.boolean().optional().meta({ description: 'Whether the box of the consent was ticked' }),
  consentVersion: z.int().optional().meta({ description: 'Which wording of the consent was shown; one that is asked for no longer is refused' }), // prettier-ignore
  page: z.string().max(1_000).optional().meta({ description: 'The address of the page' }),
  redirect: z.string().max(1_000).optional().meta({ description: 'Where a plain form goes on to, of those that the form allows' }), // prettier-ignore
  website: z.string().max(500).optional().meta({ description: 'A trap: people leave it empty' }),
  ticket: z.string().max(200).optional(),
  proof: z.string().max(100).optional(),
  visit: Visit.optional(),
})

interface FormRow {
  readonly fields: readonly FormField[]
  readonly secret: string
  readonly guard: string
  readonly leastSeconds: number
  readonly consentVersion: number | null
  readonly sourceId: string | null
  readonly thanksUrl: string | null
  readonly redirects: readonly string[]
  readonly isTicketUsed: boolean
}

export const submitForm = operation({
  name: 'leads.forms.submit',
  summary:
    'Send a form in as a visitor does: a lead is made or joined, or the submission waits in quarantine',
  effect: 'write',
  publicKey: {
    find: (key) => sql`SELECT * FROM leads.form_of_key(${key})`,
    rest: 'values',
    thanks: 'redirectTo',
  },
  input: Sent,
  /** The same whatever became of it: whoever probes learns nothing. */
  output: z.object({ received: z.literal(true), redirectTo: z.string().nullable() }),
  async run(given, context) {
    const form = await formOf(context, given)
    const person = readFields(form.fields, given.values)
    requireConsent(form, given)
    const found = suspicionsOf({ ...form, ...evidenceOf(given, person), now: context.clock.now() })
    const kept = await keep(context, given, form, found)
    if (found.length > 0)
      context.emit(submissionQuarantined, { id: kept.id, formId: given.id, suspicions: found })
    else await acceptSubmission(context, kept, { ...person, sourceId: form.sourceId })
    return { received: true as const, redirectTo: nextAddress(form, given.redirect) }
  },
})

/** Whoever does not say which wording was shown is taken to have shown the one that is asked for. */
function requireConsent({ consentVersion }: FormRow, given: z.output<typeof Sent>): void {
  if (consentVersion === null) return
  if (given.consent !== true) leadErrors.fail('consent_needed')
  if ((given.consentVersion ?? consentVersion) !== consentVersion) leadErrors.fail('consent_reworded')
}

async function formOf(context: WriteContext, { id, ticket }: z.output<typeof Sent>): Promise<FormRow> {
  const [form] = await context.query<FormRow>(sql`
    SELECT f.fields, f.secret, f.guard, f.least_seconds AS "leastSeconds", f.consent_version AS "consentVersion",
      f.source_id AS "sourceId", f.thanks_url AS "thanksUrl", f.redirects,
      EXISTS (SELECT FROM leads.submissions s WHERE s.ticket = ${ticket ?? null}) AS "isTicketUsed"
    FROM leads.forms f WHERE f.id = ${id} AND f.open`)
  return form ?? fail('not_found')
}

const evidenceOf = (
  { website, ticket, proof, visit, values }: z.output<typeof Sent>,
  { email }: Captured,
) => ({
  trap: website,
  ticket,
  proof,
  isAllowedOrigin: visit?.isAllowedOrigin ?? true,
  email,
  texts: Object.values(values),
})

/** Stored as it was sent, before anything is made of it. */
async function keep(
  context: WriteContext,
  { id: formId, values, ticket, page, visit, consent }: z.output<typeof Sent>,
  { consentVersion }: FormRow,
  found: readonly string[],
): Promise<Kept> {
  const id = uuidv7()
  const agreed = consent === true ? consentVersion : null
  const seen = { network: visit?.network ?? null, origin: visit?.origin ?? null, page: page ?? null }
  await context.query(sql`
    INSERT INTO leads.submissions (tenant_id, id, form_id, status, fields, consent_version, suspicions, network, origin, page, ticket)
    VALUES (${context.tenant.id}, ${id}, ${formId}, ${found.length > 0 ? 'quarantined' : 'accepted'},
      ${JSON.stringify(values)}::jsonb, ${agreed}, ${found}, ${seen.network}, ${seen.origin}, ${seen.page}, ${ticket ?? null})`)
  return {
    id,
    formId,
    consentVersion: agreed,
    network: seen.network,
    page: seen.page,
    at: context.clock.now(),
  }
}

/** Only where the form says that one may go: an open redirect would lend our name to strangers. */
const nextAddress = ({ redirects, thanksUrl }: FormRow, wanted: string | undefined): string | null =>
  wanted !== undefined && redirects.includes(wanted) ? wanted : thanksUrl
