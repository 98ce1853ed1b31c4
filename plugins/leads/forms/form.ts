import { z } from 'zod'
import { byName, filter, locales, raw, resource, sql, tracked } from '#core'
import { FormField } from './fields.ts'

/** How much a visitor must show before a submission is believed; see the guide of leads. */
export const Guard = z.enum(['plain', 'ticket', 'proof'])

/** A form in a web page. */
export const Form = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Stands in the page; no secret. */
  publicKey: z.string(),
  sourceId: z.uuid().nullable(),
  sourceName: z.string().nullable(),
  origins: z.array(z.string()),
  fields: z.array(FormField.extend({ key: z.string(), label: z.string() })),
  /** What visitors agree to, and which wording of it; null where the form asks for no consent. */
  consentText: z.string().nullable(),
  consentVersion: z.int().nullable(),
  /** Of its own page: the language, and what is said before and after. */
  language: z.enum(locales),
  intro: z.string().nullable(),
  thanksText: z.string().nullable(),
  thanksUrl: z.string().nullable(),
  redirects: z.array(z.string()),
  guard: Guard,
  leastSeconds: z.int(),
  open: z.boolean(),
  submissions: z.int(),
  quarantined: z.int(),
  ...tracked,
})
export type Form = z.output<typeof Form>

const count = (condition: string) =>
  raw(
    `(SELECT count(*) FROM leads.submissions b WHERE b.tenant_id = t.tenant_id AND b.form_id = t.id${condition})`,
  )

export const forms = resource({
  table: 'leads.forms',
  item: Form,
  fields: {
    sourceName: raw(
      '(SELECT s.name FROM leads.sources s WHERE s.tenant_id = t.tenant_id AND s.id = t.source_id)',
    ),
    consentText:
      raw(`(SELECT x.text FROM leads.consent_texts x WHERE x.tenant_id = t.tenant_id AND x.form_id = t.id
      AND x.consent_version = t.consent_version)`),
    submissions: count(''),
    quarantined: count(` AND b.status = 'quarantined'`),
  },
  filters: { open: filter(z.boolean(), (open) => sql`t.open = ${open}`) },
  sorts: { name: byName },
  defaultSort: 'name',
  search: 'leads.search_forms',
})
