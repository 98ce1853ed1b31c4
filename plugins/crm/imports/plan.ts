import { v7 as uuidv7 } from 'uuid'
import { storedEmails, storedPhones } from '../contacts/reach.ts'
import type { ContactDraft } from '../exchange/contact.ts'
import { foldPlain } from '../values/fold.ts'
import type { KnownContact } from './known.ts'
import type { ReadRow } from './rows.ts'

export interface Surroundings {
  readonly contacts: ReadonlyMap<string, KnownContact>
  readonly companies: ReadonlyMap<string, string>
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
  readonly emails: readonly unknown[]
  readonly phones: readonly unknown[]
  readonly address: string | null
  readonly postcode: string | null
  readonly city: string | null
  readonly country: string | null
  readonly created_at: string | null
  readonly tags: readonly string[]
  readonly note: string | null
}

export interface Plan {
  readonly made: readonly PlannedRow[]
  readonly changed: readonly PlannedRow[]
  readonly skipped: number
}

/** Decides for each row whether it is somebody new; two rows of one email are one person. */
export function planOf(rows: readonly ReadRow[], around: Surroundings): Plan {
  const made = new Map<string, PlannedRow>()
  const changed = new Map<string, PlannedRow>()
  const byAddress = new Map<string, KnownContact>(around.contacts)
  let skipped = 0
  for (const { contact } of rows) {
    const known = around.whenKnown === 'create' ? undefined : firstKnown(byAddress, contact)
    if (known && around.whenKnown === 'skip') {
      skipped++
      continue
    }
    const row = plannedRow(contact, known, around)
    const target = known && !made.has(known.id) ? changed : made
    if (target.has(row.id)) skipped++
    target.set(row.id, overlaid(target.get(row.id), row))
    remember(byAddress, row)
  }
  return { made: [...made.values()], changed: [...changed.values()], skipped }
}

const firstKnown = (
  known: ReadonlyMap<string, KnownContact>,
  { emails }: ContactDraft,
): KnownContact | undefined =>
  emails.map((address) => known.get(address)).find((contact) => contact !== undefined)

function plannedRow(draft: ContactDraft, known: KnownContact | undefined, around: Surroundings): PlannedRow {
  const emails = draft.emails.map((address) => ({ address }))
  const phones = draft.phones.map((number) => ({ number }))
  return {
    id: known?.id ?? uuidv7(),
    name: draft.name,
    title: draft.title ?? null,
    company_id: (draft.company !== undefined && around.companies.get(foldPlain(draft.company))) || null,
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
  return { ...earlier, ...said, tags: [...new Set([...earlier.tags, ...later.tags])] }
}

function remember(byAddress: Map<string, KnownContact>, row: PlannedRow): void {
  const emails = row.emails as KnownContact['emails']
  const phones = row.phones as KnownContact['phones']
  const contact = { id: row.id, addresses: emails.map(({ address }) => address), emails, phones }
  for (const address of contact.addresses) byAddress.set(address, contact)
}
