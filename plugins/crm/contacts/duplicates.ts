import { z } from 'zod'
import { operation, sql, type ReadContext } from '#core'
import { compareContacts, probableDuplicate } from '../exchange/duplicates.ts'
import { Alike } from './alike.ts'

const Pair = z.object({
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
  output: z.object({ items: z.array(Pair), nextCursor: z.null() }),
  async run({ limit }, context) {
    const pairs = (await candidates(context)).map(judged).filter(({ score }) => score >= probableDuplicate)
    pairs.sort((left, right) => right.score - left.score)
    return { items: pairs.slice(0, limit), nextCursor: null }
  },
})

interface Candidate extends Alike {
  readonly emails: readonly { readonly address: string }[]
  readonly phones: readonly { readonly number: string }[]
}

type CandidatePair = { readonly one: Candidate; readonly other: Candidate }

/** Pairs that share an email address, a phone number or a name; there are few of them, so only these are compared. */
function candidates(context: ReadContext): Promise<CandidatePair[]> {
  const shown = sql`json_build_object('id', c.id, 'name', c.name, 'emails', c.emails, 'phones', c.phones,
    'companyName', (SELECT f.name FROM crm.companies f WHERE f.tenant_id = c.tenant_id AND f.id = c.company_id))`
  return context.query<CandidatePair>(sql`
    WITH keys AS (
      SELECT id, 'email ' || one AS key FROM crm.contacts, unnest(addresses) one
      UNION ALL SELECT id, 'phone ' || (phone ->> 'number') FROM crm.contacts, jsonb_array_elements(phones) phone
      UNION ALL SELECT id, 'name ' || crm.fold_plain(name) FROM crm.contacts
    ), pairs AS (
      SELECT DISTINCT least(a.id, b.id) AS one, greatest(a.id, b.id) AS other
      FROM keys a JOIN keys b ON b.key = a.key AND b.id > a.id LIMIT 2000
    )
    SELECT (SELECT ${shown} FROM crm.contacts c WHERE c.id = p.one) AS one,
      (SELECT ${shown} FROM crm.contacts c WHERE c.id = p.other) AS other
    FROM pairs p`)
}

function judged({ one, other }: CandidatePair): z.output<typeof Pair> {
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
