import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportCompanies } from '../../companies/export.ts'
import { createCompany } from '../../companies/write.ts'
import { exportDeals } from '../../deals/export.ts'
import { loseDeal } from '../../deals/move.ts'
import { createDeal } from '../../deals/write.ts'
import { crmWorld, type CrmWorld } from '../../testing/world.ts'
import { decimalAmount } from './table.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

test.each([
  [1_250_050, 'DKK', 'da', '12500,50'],
  [1_250_050, 'DKK', 'en', '12500.50'],
  [5, 'EUR', 'da', '0,05'],
  [1200, 'JPY', 'da', '1200'],
] as const)('%d minor units of %s read %s: %s', (amount, currency, locale, text) => {
  expect(decimalAmount(amount, currency, locale)).toBe(text)
})

test('deals are exported with amounts and words of the reader’s language, and only those asked for', async () => {
  const tenant = crypto.randomUUID()
  await world.call(createDeal, { title: 'Åben; stor', amount: 1_250_050 }, tenant)
  const { id } = await world.call(createDeal, { title: '=Tabt', amount: 100 }, tenant)
  await world.call(loseDeal, { id, lostReason: 'Pris' }, tenant)
  const danish = await world.call(exportDeals, {}, tenant, { locale: 'da' })
  expect(danish.name).toMatch(/^aftaler-\d{4}-\d\d-\d\d\.csv$/)
  expect(danish.content).toMatch(/^\ufeffAftale;Firma;/)
  expect(danish.content).toMatch(/\r\n"Åben; stor";;;Salg;Ny;[\d-]+;Åben;"12500,50";DKK;10;"1250,05";/)
  expect(danish.content).toMatch(/\r\n'=Tabt;;;Salg;Tabt;[\d-]+;Tabt;"1,00";DKK;0;"0,00";;[\d-]+;Pris;/)
  const english = await world.call(exportDeals, { status: 'open', delimiter: ',' }, tenant, { locale: 'en' })
  expect(english.content).toContain('Open,12500.50,DKK')
  expect(english.content).not.toContain('=Tabt')
})

test('all companies are exported, however many pages they fill', async () => {
  const tenant = crypto.randomUUID()
  await world.admin.query(
    `INSERT INTO crm.companies (tenant_id, id, name) SELECT $1, gen_random_uuid(), 'Firma ' || n FROM generate_series(1, 401) n`,
    [tenant],
  )
  await world.call(
    createCompany,
    { name: 'Ærø Byg', city: 'Marstal', tags: ['a', 'b'], cvr: '13748136' },
    tenant,
  )
  const { content } = await world.call(exportCompanies, {}, tenant, { locale: 'da' })
  expect(content.split('\r\n')).toHaveLength(404)
  expect(content).toMatch(/\r\nÆrø Byg;13748136;;;;;;Marstal;;"a; b";/)
})
