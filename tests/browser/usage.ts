import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { settledTurn } from '../settledTurn.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'

export function describeUsage(world: BrowserWorld): void {
  describe('usage and budgets', () => {
    test('an owner reads what was used, and sets, changes and removes a budget', async () => {
      const call = await signIn(world.product.address, anna)
      await settledTurn(call, 'vis åbne aftaler')
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(`${world.product.address}/settings/usage`)
        await page.getByRole('rowheader', { name: 'tekup/offline' }).waitFor()
        await page.getByRole('link', { name: 'Medarbejder', exact: true }).click()
        await page.getByRole('rowheader', { name: 'Anna Nordlys' }).waitFor()

        await page.getByRole('button', { name: 'Nyt budget' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await dialog
          .getByRole('alert')
          .getByText('Skriv et beløb, et antal tokens eller begge dele.')
          .waitFor()
        await dialog.getByLabel('Højst (DKK)').fill('mange penge')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await dialog.getByRole('alert').getByText('Skriv beløbet med tal').waitFor()
        await dialog.getByLabel('Højst (DKK)').fill('1.250,50')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        const budget = page.getByRole('listitem').filter({ hasText: 'Hele firmaet, om måneden' })
        await budget.getByText('0 kr. af 1.250,50 kr.').waitFor()

        await budget.getByRole('button', { name: /^Ret/ }).click()
        await dialog.getByLabel('Højst (DKK)').fill('900')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await budget.getByText('0 kr. af 900 kr.').waitFor()
        await budget.getByRole('button', { name: /^Fjern/ }).click()
        await dialog.getByRole('button', { name: 'Fjern' }).click()
        await page.getByText('Der er ingen budgetter').waitFor()
      })
      expect(await call('GET', '/platform/budgets')).toMatchObject({ items: [] })
    })
  })
}
