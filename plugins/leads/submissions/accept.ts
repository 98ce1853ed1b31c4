import { v7 as uuidv7 } from 'uuid'
import { inOrder, sql, type WriteContext } from '#core'
import { captureLead, type Capture, type Captured } from '../leads/capture.ts'

/** A submission that is stored, with what the proof of its consent needs. */
export interface Kept {
  readonly id: string
  readonly formId: string
  /** The wording that was agreed to, or null where nothing was. */
  readonly consentVersion: number | null
  readonly network: string | null
  readonly page: string | null
  readonly at: Date
}

/** Makes a lead of a submission, or joins one, with the record of what was agreed to. */
export async function acceptSubmission(
  context: WriteContext,
  kept: Kept,
  person: Captured,
): Promise<Capture> {
  const capture = await captureLead(context, person)
  const { id: lead } = capture.lead
  await inOrder(
    context.query(
      sql`UPDATE leads.submissions SET status = 'accepted', lead_id = ${lead} WHERE id = ${kept.id}`,
    ),
    context.query(sql`
      INSERT INTO leads.consents (tenant_id, id, lead_id, form_id, consent_version, text, given_at, network, page)
      SELECT ${context.tenant.id}, ${uuidv7()}, ${lead}, x.form_id, x.consent_version, x.text, ${kept.at}, ${kept.network}, ${kept.page}
      FROM leads.consent_texts x WHERE x.form_id = ${kept.formId} AND x.consent_version = ${kept.consentVersion}`),
  )
  return capture
}
