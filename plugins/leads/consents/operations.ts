import { z } from 'zod'
import { getOperation, idOf, inOrder, listOperation, operation, show, sql } from '#core'
import { Consent, consents } from './consent.ts'

const listConsents = listOperation(consents, {
  name: 'leads.consents.list',
  summary: 'List what leads have agreed to: the exact words, when and from where',
  untrusted: true,
})

const getConsent = getOperation(consents, {
  name: 'leads.consents.get',
  summary: 'Show one consent with the words that were agreed to',
  untrusted: true,
})

export const withdrawConsent = operation({
  name: 'leads.consents.withdraw',
  summary: 'Note that a consent was withdrawn; that it was given stays on record',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({ id: idOf(consents) }),
  output: Consent,
  async run({ id }, context) {
    const withdrawn = context.query(sql`
      UPDATE leads.consents SET withdrawn_at = ${context.clock.now()} WHERE id = ${id} AND withdrawn_at IS NULL`)
    const [, consent] = await inOrder(withdrawn, show(context, consents, id))
    return consent
  },
})

export const consentOperations = [listConsents, getConsent, withdrawConsent]
