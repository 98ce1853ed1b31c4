import { v7 as uuidv7 } from 'uuid'
import type { Chance } from '#core'
import {
  addressAt,
  cvrNumber,
  domainFor,
  lastName,
  mobileNumber,
  newPersonName,
  postalAddress,
} from './names.ts'
import type { Profile } from './profile.ts'

export interface DemoCustomer {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly ownerId: string
  readonly lastContactDaysAgo: number
  readonly contacts: readonly DemoContact[]
  readonly row: Readonly<Record<string, unknown>>
}

interface DemoContact {
  readonly id: string
  readonly name: string
  readonly row: Readonly<Record<string, unknown>>
}

const customerCount = 120
/** So many have not been talked with for more than a month. */
const neglectedCount = 11

/** The known customers first, then made-up ones, each with the people who work there. */
export function makeCustomers(chance: Chance, profile: Profile, owners: readonly string[]): DemoCustomer[] {
  const people = new Set(profile.known.map(({ contact }) => contact))
  const numbers = new Set<string>()
  const names = customerNames(chance, profile)
  return names.map((name, index) => {
    const known = profile.known[index]
    const ownerId = owners[index % owners.length]!
    const basis = { id: uuidv7(), name, domain: domainFor(name), ownerId }
    const contacts = makeContacts(chance, profile, basis, people, known)
    const lastContactDaysAgo = known?.lastContactDaysAgo ?? silence(chance, index - profile.known.length)
    const row = {
      ...basis,
      ...postalAddress(chance),
      owner_id: ownerId,
      cvr: cvrNumber(chance, numbers),
      email: `kontakt@${basis.domain}`,
      phone: mobileNumber(chance),
      country: 'Danmark',
    }
    return { ...basis, lastContactDaysAgo, contacts, row }
  })
}

const silence = (chance: Chance, index: number): number =>
  index < neglectedCount ? chance.between(34, 140) : chance.between(1, 26)

function customerNames(chance: Chance, profile: Profile): string[] {
  const names = new Set(profile.known.map(({ name }) => name))
  while (names.size < customerCount)
    names.add(chance.pick(profile.customers).replace('{name}', lastName(chance)))
  return [...names]
}

type Basis = Pick<DemoCustomer, 'id' | 'name' | 'domain' | 'ownerId'>

function makeContacts(
  chance: Chance,
  profile: Profile,
  company: Basis,
  taken: Set<string>,
  known: Profile['known'][number] | undefined,
): DemoContact[] {
  const first = known ? [{ name: known.contact, title: known.title }] : []
  const count = known ? 1 : chance.between(1, 4)
  const others = Array.from({ length: count }, () => ({
    name: newPersonName(chance, taken),
    title: chance.pick(profile.titles),
  }))
  return [...first, ...others].map(({ name, title }) => makeContact(chance, company, name, title))
}

function makeContact(chance: Chance, company: Basis, name: string, title: string): DemoContact {
  const id = uuidv7()
  const address = { address: addressAt(name, company.domain), label: 'arbejde', primary: true }
  const number = { number: mobileNumber(chance), label: 'mobil', primary: true }
  const phones = chance.percent(85) ? [number] : []
  return {
    id,
    name,
    row: { id, name, title, company_id: company.id, owner_id: company.ownerId, emails: [address], phones },
  }
}
