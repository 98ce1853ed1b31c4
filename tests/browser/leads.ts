import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const mikkel = 'mikkel@nordlys.example'

export function describeLeads(world: BrowserWorld): void {
  const make = async (name: string): Promise<string> => {
    const call = await signIn(world.product.address)
    return ((await call('POST', '/leads/leads', { name })) as { id: string }).id
  }

  describe('leads', () => {
    test('are found by what the filters say, and the address says the same', async () => {
      await make('Nora Nyhenvendt')
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/leads?q=nyhenvendt`)
        const row = page.getByRole('link', { name: /Nora Nyhenvendt/ })
        await row.waitFor()
        await page.getByLabel('Status').selectOption({ label: 'Frasorteret' })
        await page.getByText('Ingen leads passer').waitFor()
        await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe('disqualified')
        await page.getByRole('button', { name: 'Ryd søgning og filtre' }).first().click()
        await row.waitFor()
        await expect.poll(() => new URL(page.url()).search).toBe('')
      })
    })

    test('are moved by one and seen to have moved by another, in the list and on their page', async () => {
      const id = await make('Lars Levende')
      const call = await signIn(world.product.address)
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/leads?q=levende`)
        const row = page.getByRole('link', { name: /Lars Levende/ })
        await row.getByText('Ny', { exact: true }).waitFor()
        await call('POST', `/leads/leads/${id}/move`, { status: 'contacted' })
        await row.getByText('Kontaktet').waitFor()
        await row.click()
        await page.locator('main').getByText('Ny → Kontaktet').waitFor()
        await call('PATCH', `/leads/leads/${id}`, { title: 'Tømrer' })
        await page.locator('main').getByText('Tømrer').waitFor()
      })
    })

    test('become customers, with a deal of the amount that was written, and no amount is taken for another', async () => {
      const id = await make('Karla Kunde')
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/leads/${id}`)
        await page.getByRole('button', { name: 'Konvertér' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('Aftalens navn').fill('Rengøring hos Karla')
        await dialog.getByLabel('Beløb i kr.').fill('meget')
        await dialog.getByRole('button', { name: 'Konvertér' }).click()
        await dialog.getByRole('alert').getByText('Skriv beløbet med tal').waitFor()
        await dialog.getByLabel('Beløb i kr.').fill('1250.50')
        await dialog.getByRole('button', { name: 'Konvertér' }).click()
        await page.getByText('Karla Kunde er nu i CRM.').waitFor()
        const call = await signIn(world.product.address)
        const { items } = (await call('GET', '/crm/deals?q=Karla')) as { items: object[] }
        expect(items).toMatchObject([{ title: 'Rengøring hos Karla', amount: 125_050 }])
      })
    })
  })
}
