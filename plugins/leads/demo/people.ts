import type { AnyOperation, Chance, WriteContext } from '#core'
import type { Profile } from './profile.ts'

export interface DemoPerson {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly companyName: string | null
  readonly title: string | null
  readonly city: string | null
  /** What they are in the CRM, where they have become a customer. */
  readonly contactId: string | null
  readonly companyId: string | null
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/ (a\/s|aps)$/, '')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'oe')
    .replaceAll('å', 'aa')
    .replaceAll('é', 'e')
    .replace(/[^a-z0-9]+/g, '-')

/** Most have a work address, some one at home; a few have left only one way to reach them. */
export function peopleOf({ people }: Profile, chance: Chance): DemoPerson[] {
  return people.map(([name, title, companyName, city]) => {
    const [first = '', ...rest] = plain(name).split('-')
    const own = chance.percent(20) ? 'post.example' : `${plain(companyName)}.example`
    const digits = String(chance.between(0, 999_999)).padStart(6, '0')
    return {
      name,
      title: chance.percent(70) ? title : null,
      companyName,
      city,
      email: `${first}.${rest.at(-1)}@${own}`,
      phone: chance.percent(75) ? `+45${chance.pick(['20', '22', '28', '40', '51'])}${digits}` : null,
      contactId: null,
      companyId: null,
    }
  })
}

interface Contact {
  readonly id: string
  readonly name: string
  readonly title: string | null
  readonly companyId: string | null
  readonly companyName: string | null
  readonly emails: readonly { readonly address: string }[]
  readonly phones: readonly { readonly number: string }[]
}

/** Customers of the CRM who once were leads, where there is a CRM. */
export async function customers(context: WriteContext, number: number): Promise<DemoPerson[]> {
  const list: AnyOperation | undefined = context.operations.find('crm.contacts.list')
  if (!list) return []
  const { items } = (await context.call(list, { limit: number * 5 })) as { items: readonly Contact[] }
  return items
    .filter((_, index) => index % 5 === 2)
    .map(({ id, name, title, companyId, companyName, emails, phones }) => ({
      name,
      title,
      companyName,
      city: null,
      email: emails[0]?.address ?? null,
      phone: phones[0]?.number ?? null,
      contactId: id,
      companyId,
    }))
}
