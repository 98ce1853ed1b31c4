import { z } from 'zod'
import { operation, sql, type ReadContext } from '#core'
import { pairsSharing, surest, type Pair } from '../duplicatePairs.ts'
import { compareContacts, probableDuplicate } from '../exchange/duplicates.ts'
import { Alike } from './alike.ts'

const ContactPair = z.object({
  name: z.string(),
  otherName: z.string(),
  /** 0 to 1. */
  score: z.number(),
  reasons: z.array(z.string()),
  contacts: z.array(Alike),
})

export const findDuplicateContacts = operation({
  name: 'crm.contacts.duplicates',
  summary: 'Find contacts that are probably the same person, the surest first',
  effect: 'read',
  input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ items: z.array(ContactPair), nextCursor: z.null() }),
  async run({ limit }, context) {
    const judged = (await candidates(context)).map(judge)
    return { items: surest(judged, probableDuplicate, limit), nextCursor: null }
  },
})

interface Candidate extends Alike {
  readonly emails: readonly { readonly address: string }[]
  readonly phones: readonly { readonly number: string }[]
}

const candidates = (context: ReadContext): Promise<Pair<Candidate>[]> =>
  pairsSharing(
    context,
    sql`crm.contacts`,
    sql`SELECT id, 'email ' || one AS key FROM crm.contacts, unnest(addresses) one
      UNION ALL SELECT id, 'phone ' || (phone ->> 'number') FROM crm.contacts, jsonb_array_elements(phones) phone
      UNION ALL SELECT id, 'name ' || folded_name FROM crm.contacts
      UNION ALL SELECT id, 'colleague ' || company_id || ' ' || folded_name FROM crm.contacts WHERE company_id IS NOT NULL`,
    sql`json_build_object('id', c.id, 'name', c.name, 'emails', c.emails, 'phones', c.phones, 'companyName',
      (SELECT f.name FROM crm.companies f WHERE f.tenant_id = c.tenant_id AND f.id = c.company_id))`,
  )

function judge({ one, other }: Pair<Candidate>): z.output<typeof ContactPair> {
  const { score, reasons } = compareContacts(comparable(one), comparable(other))
  const contacts = [one, other].map(({ id, name, companyName }) => ({ id, name, companyName }))
  return { name: one.name, otherName: other.name, score, reasons: [...reasons], contacts }
}

const comparable = ({ name, emails, phones, companyName }: Candidate) => ({
  name,
  emails: emails.map(({ address }) => address),
  phones: phones.map(({ number }) => number),
  ...(companyName !== null && { company: companyName }),
})
