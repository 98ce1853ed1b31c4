import { z } from 'zod'
import { fail, getOperation, idOf, listOperation, operation, show, sql, type WriteContext } from '#core'
import { readFields } from '../forms/fields.ts'
import { forms } from '../forms/form.ts'
import { Lead } from '../leads/lead.ts'
import { acceptSubmission } from './accept.ts'
import { submissions } from './submission.ts'

const listSubmissions = listOperation(submissions, {
  name: 'leads.submissions.list',
  summary: 'List what came in through forms, or what waits in quarantine and why',
  untrusted: true,
})

const getSubmission = getOperation(submissions, {
  name: 'leads.submissions.get',
  summary: 'Show one submission as it was sent',
  untrusted: true,
})

export const acceptQuarantined = operation({
  name: 'leads.submissions.accept',
  summary: 'Take a submission out of quarantine and make a lead of it',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({ id: idOf(submissions) }),
  output: Lead.extend({ outcome: z.enum(['created', 'joined']) }),
  async run({ id }, context) {
    const submission = await waiting(context, id)
    const { formId, fields, network, page, consentVersion, createdAt } = submission
    const form = formId ? await show(context, forms, formId) : fail('not_found')
    const kept = { id, formId: form.id, consentVersion, network, page, at: new Date(createdAt) }
    const person = { ...readFields(form.fields, fields), sourceId: form.sourceId }
    const { lead, outcome } = await acceptSubmission(context, kept, person)
    return { ...lead, outcome }
  },
})

const deleteSubmission = operation({
  name: 'leads.submissions.delete',
  summary: 'Delete a submission, such as spam that waits in quarantine; a lead that was made of it stays',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(submissions) }),
  output: z.object({ id: z.uuid(), sender: z.string() }),
  async run({ id }, context) {
    const { sender } = await show(context, submissions, id)
    await context.query(sql`DELETE FROM leads.submissions WHERE id = ${id}`)
    return { id, sender }
  },
})

export const submissionOperations = [listSubmissions, getSubmission, acceptQuarantined, deleteSubmission]

/** Two people who accept it at once make one lead. */
async function waiting(context: WriteContext, id: string) {
  await context.query(sql`SELECT 1 FROM leads.submissions WHERE id = ${id} FOR UPDATE`)
  const submission = await show(context, submissions, id)
  if (submission.status === 'quarantined') return submission
  const what = { da: 'henvendelsen er allerede et lead', en: 'the submission is a lead already' }
  return fail('already_exists', { what })
}
