import { api, queryString } from '#lib/api/client.ts'
import type { Company, Contact, Operation, Page } from '#lib/api/types.ts'
import { locale } from '#lib/messages/index.ts'
import { isOwnAffair } from '#lib/operations/ownAffair.ts'
import { session } from '#lib/session/session.svelte.ts'

const operations = new Map<string, Promise<Operation[]>>()

class CommandPalette {
  open = $state(false)
}

/** The one command palette of the page. */
export const commandPalette = new CommandPalette()

/** Every operation that the person may use, in the reader's language; asked for once for each set of parts that are on. */
export function loadOperations(): Promise<Operation[]> {
  const language = locale.current
  const key = [language, ...session.current.domains].join(' ')
  const known = operations.get(key)
  if (known) return known
  const loading = api<Page<Operation>>(`/platform/operations${queryString({ locale: language })}`).then(
    ({ items }) => byUse(items.filter(isAllowed)),
  )
  operations.set(key, loading)
  loading.catch(() => operations.delete(key))
  return loading
}

/** The permission is part of the name: crm.deals.move of effect write needs crm.deals:write. */
function isAllowed({ name, effect }: Operation): boolean {
  return session.may(`${name.split('.').slice(0, 2).join('.')}:${effect}`)
}

/** The company's own work first. */
function byUse(operations: Operation[]): Operation[] {
  return operations.toSorted((one, other) => Number(isOwnAffair(one)) - Number(isOwnAffair(other)))
}

type Found = { contacts: Contact[]; companies: Company[] }
export const nothingFound: Found = { contacts: [], companies: [] }

/** The first few contacts and companies that match. */
export async function findCustomers(text: string, signal: AbortSignal): Promise<Found> {
  if (!session.has('crm')) return nothingFound
  const first = async <Item>(resource: string): Promise<Item[]> => {
    const query = queryString({ q: text, limit: 4 })
    return (await api<Page<Item>>(`/crm/${resource}${query}`, { signal })).items
  }
  const [contacts, companies] = await Promise.all([first<Contact>('contacts'), first<Company>('companies')])
  return { contacts, companies }
}

/** Whether every word of the query begins a word of the text, whatever the case and the accents. */
export function matches(text: string, query: string): boolean {
  const words = fold(text).split(/[^\p{L}\p{N}]+/u)
  return fold(query).split(/\s+/).every((part) => part === '' || words.some((word) => word.startsWith(part))) // prettier-ignore
}

function fold(text: string): string {
  return text.toLowerCase().replace(/ø/g, 'oe').replace(/æ/g, 'ae').replace(/å/g, 'aa').normalize('NFD').replace(/\p{M}/gu, '') // prettier-ignore
}
