import { z } from 'zod'
import { fail, idOf, operation, PublicForm, sql } from '#core'
import { forms, type Guard } from './form.ts'
import { issueTicket, proofBits } from './ticket.ts'

interface Opened extends Omit<PublicForm, 'company' | 'ticket' | 'proofBits'> {
  readonly guard: z.output<typeof Guard>
  readonly secret: string
}

export const openForm = operation({
  name: 'leads.forms.open',
  summary: 'Open a form as a visitor does: its fields, the consent text, and a ticket to send it with',
  effect: 'read',
  publicKey: {
    find: (key) => sql`SELECT * FROM leads.form_of_key(${key})`,
    page: { sentBy: 'leads.forms.submit' },
  },
  input: z.strictObject({ id: idOf(forms) }),
  output: PublicForm,
  async run({ id }, context) {
    const [form] = await context.query<Opened>(sql`
      SELECT f.name, f.fields, f.language, f.intro, f.thanks_text AS "thanksText", f.thanks_url AS "thanksUrl", f.guard, f.secret, f.consent_version AS "consentVersion", (
        SELECT x.text FROM leads.consent_texts x WHERE x.form_id = f.id AND x.consent_version = f.consent_version) AS "consentText"
      FROM leads.forms f WHERE f.id = ${id} AND f.open`)
    if (!form) fail('not_found')
    const { secret, guard, ...shown } = form
    const ticket = issueTicket(secret, context.clock.now())
    return { ...shown, company: context.tenant.name, ticket, proofBits: guard === 'proof' ? proofBits : null }
  },
})
