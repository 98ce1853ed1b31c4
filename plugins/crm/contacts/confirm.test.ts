import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnyOperation } from '#core'
import { mergeCompanies } from '../companies/merge.ts'
import { createCompany, deleteCompany } from '../companies/write.ts'
import { createDeal, deleteDeal } from '../deals/write.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { mergeContacts } from './merge.ts'
import { createContact, deleteContact } from './write.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

async function asked(operation: AnyOperation, input: object, locale: 'da' | 'en'): Promise<string> {
  const refusal: unknown = await world.core
    .invoke(operation, input, { ...world.callerOf(world.tenant), locale })
    .catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'confirmation_required' })
  return (refusal as { details: { sentence: string } }).details.sentence
}

test('what is to be confirmed says by name what is gone afterwards, in both languages', async () => {
  const company = await world.call(createCompany, { name: 'Klitten A/S' })
  const other = await world.call(createCompany, { name: 'Klitten Drift' })
  const one = await world.call(createContact, { name: 'Bente Skov', companyId: company.id })
  const two = await world.call(createContact, { name: 'B. Skov' })
  const deal = await world.call(createDeal, { title: 'Vinduer i maj' })
  expect(await asked(deleteContact, { id: one.id }, 'da')).toMatch(/^Bente Skov \(Klitten A\/S\) slettes/)
  expect(await asked(deleteContact, { id: one.id }, 'en')).toMatch(/^Bente Skov \(Klitten A\/S\) is deleted/)
  expect(await asked(deleteCompany, { id: company.id }, 'da')).toMatch(/^Klitten A\/S slettes/)
  expect(await asked(deleteDeal, { id: deal.id }, 'da')).toMatch(/^Aftalen Vinduer i maj i fasen Ny slettes/)
  expect(await asked(mergeContacts, { id: one.id, others: [two.id] }, 'da')).toMatch(
    /^Alt fra B\. Skov flyttes til Bente Skov \(Klitten A\/S\), og B\. Skov slettes/,
  )
  expect(await asked(mergeCompanies, { id: company.id, others: [other.id] }, 'en')).toMatch(
    /of Klitten Drift move to Klitten A\/S, and Klitten Drift is deleted/,
  )
})
