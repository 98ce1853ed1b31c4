import type { ContactDraft } from '../exchange/contact.ts'
import { foldPlain } from '../values/fold.ts'
import type { StoredEmail, StoredPhone } from '../contacts/reach.ts'

/** What a contact is known again by: an id, an email address, or a name together with a phone number or a company. */

export interface KnownContact {
  readonly id: string
  readonly name: string
  readonly companyId: string | null
  readonly emails: readonly StoredEmail[]
  readonly phones: readonly StoredPhone[]
  /** What the program that the file is from calls it. */
  readonly externalIds: readonly string[]
}

export type Known = ReadonlyMap<string, KnownContact>

export function remember(known: Map<string, KnownContact>, contact: KnownContact): void {
  const { id, name, companyId, emails, phones, externalIds } = contact
  const keys = [
    ...[id, ...externalIds].map(idKey),
    ...emails.map(({ address }) => emailKey(address)),
    ...namesakeKeys(
      name,
      phones.map(({ number }) => number),
      companyId,
    ),
  ]
  for (const key of keys) known.set(key, contact)
}

/** The contact that a row is about, if it is there already; an id is surer than an address, and that than a name. */
export function knownAs(
  known: Known,
  draft: ContactDraft,
  companyId: string | null,
): KnownContact | undefined {
  const ids = draft.externalId === undefined ? [] : [idKey(draft.externalId)]
  const sure = first(known, [...ids, ...draft.emails.map(emailKey)])
  if (sure) return sure
  const namesake = first(known, namesakeKeys(draft.name, draft.phones, companyId))
  return namesake && !isSomebodyElse(namesake, draft) ? namesake : undefined
}

/** A name proves nothing against two different addresses or ids. */
const isSomebodyElse = ({ emails, externalIds }: KnownContact, draft: ContactDraft): boolean =>
  (emails.length > 0 && draft.emails.length > 0) || (externalIds.length > 0 && draft.externalId !== undefined)

const first = (known: Known, keys: readonly string[]): KnownContact | undefined =>
  keys.map((key) => known.get(key)).find((contact) => contact !== undefined)

const idKey = (id: string): string => `id ${id}`
const emailKey = (address: string): string => `email ${address}`

function namesakeKeys(name: string, phones: readonly string[], companyId: string | null): string[] {
  const folded = foldPlain(name)
  return [...phones, ...(companyId === null ? [] : [companyId])].map((tie) => `name ${folded} ${tie}`)
}
