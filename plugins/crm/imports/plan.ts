import { v7 as uuidv7 } from 'uuid'
import { storedEmails, storedPhones, type StoredEmail, type StoredPhone } from '../contacts/reach.ts'
import type { ContactDraft } from '../exchange/contact.ts'
import { foldPlain } from '../values/fold.ts'
import { employerOf, type Employers } from './employers.ts'
import { knownAs, remember, type Known, type KnownContact } from './keys.ts'
import type { ReadRow } from './rows.ts'

export interface Surroundings {
  readonly contacts: Known
  readonly employers: Employers
  readonly colleagues: ReadonlyMap<string, string>
  readonly whenKnown: 'update' | 'skip' | 'create'
}

/** One contact to be made or changed, in the columns of its table. */
export interface PlannedRow {
  readonly id: string
  readonly name: string
  readonly title: string | null
  readonly company_id: string | null
  readonly owner_id: string | null
  readonly emails: readonly StoredEmail[]
  readonly phones: readonly StoredPhone[]
  readonly address: string | null
  readonly postcode: string | null
  readonly city: string | null
  readonly country: string | null
  readonly created_at: string | null
  readonly tags: readonly string[]
  readonly note: string | null
  readonly external_ids: readonly string[]
}

export interface Plan {
  readonly made: readonly PlannedRow[]
  readonly changed: readonly PlannedRow[]
  readonly skipped: number
}

/** Decides for each row whether it is somebody new; two rows that say they are one person are one. */
export function planOf(rows: readonly ReadRow[], around: Surroundings): Plan {
  const made = new Map<string, PlannedRow>()
  const changed = new Map<string, PlannedRow>()
  const contacts = new Map<string, KnownContact>(around.contacts)
  let skipped = 0
  for (const { contact } of rows) {
    const companyId = employerOf(around.employers, contact)
    const known = around.whenKnown === 'create' ? undefined : knownAs(contacts, contact, companyId)
    if (known && around.whenKnown === 'skip') {
      skipped++
      continue
    }
    const row = plannedRow(contact, companyId, known, around)
    const target = known && !made.has(known.id) ? changed : made
    if (target.has(row.id)) skipped++
    target.set(row.id, overlaid(target.get(row.id), row))
    remember(contacts, asKnown(target.get(row.id) as PlannedRow, known))
  }
  return { made: [...made.values()], changed: [...changed.values()], skipped }
}

function plannedRow(
  draft: ContactDraft,
  companyId: string | null,
  known: KnownContact | undefined,
  around: Surroundings,
): PlannedRow {
  const emails = draft.emails.map((address) => ({ address }))
  const phones = draft.phones.map((number) => ({ number }))
  return {
    id: known?.id ?? uuidv7(),
    name: draft.name,
    title: draft.title ?? null,
    company_id: companyId,
    owner_id: ownerOf(draft.owner, around.colleagues),
    emails: storedEmails([...(known?.emails ?? []), ...emails]),
    phones: storedPhones([...(known?.phones ?? []), ...phones]),
    address: draft.address ?? null,
    postcode: draft.postcode ?? null,
    city: draft.city ?? null,
    country: draft.country ?? null,
    created_at: draft.createdAt ?? null,
    tags: draft.tags,
    note: draft.note ?? null,
    external_ids: draft.externalId === undefined ? [] : [draft.externalId],
  }
}

const ownerOf = (owner: string | undefined, colleagues: ReadonlyMap<string, string>): string | null =>
  owner === undefined
    ? null
    : (colleagues.get(owner.toLowerCase()) ?? colleagues.get(foldPlain(owner)) ?? null)

/** What a later row says of the same person, over what an earlier one said. */
function overlaid(earlier: PlannedRow | undefined, later: PlannedRow): PlannedRow {
  if (!earlier) return later
  const said = Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null))
  return {
    ...earlier,
    ...said,
    tags: [...new Set([...earlier.tags, ...later.tags])],
    external_ids: [...new Set([...earlier.external_ids, ...later.external_ids])],
  }
}

const asKnown = (row: PlannedRow, known: KnownContact | undefined): KnownContact => ({
  id: row.id,
  name: row.name,
  companyId: row.company_id ?? known?.companyId ?? null,
  emails: row.emails,
  phones: row.phones,
  externalIds: [...(known?.externalIds ?? []), ...row.external_ids],
})
