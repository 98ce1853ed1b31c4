import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { settledTurn } from '../settledTurn.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'

export function describeTraces(world: BrowserWorld): void {
  describe('traces', () => {
    test('an owner finds a turn, and reads what the model was told and what was called', async () => {
      const call = await signIn(world.product.address, anna)
      await settledTurn(call, 'vis åbne aftaler')
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(`${world.product.address}/settings/traces`)
        await page.getByLabel('Medarbejder').selectOption({ label: 'Anna Nordlys' })
        await page.waitForURL('**/settings/traces?person=*')
        await page.getByRole('link', { name: 'vis åbne aftaler' }).first().click()
        await page.getByRole('heading', { name: 'vis åbne aftaler' }).waitFor()
        await page.locator('summary').filter({ hasText: 'offline' }).first().click()
        await page.getByText('Du er TekUp').or(page.getByText('You are TekUp')).first().waitFor()
        await page.locator('summary').filter({ hasText: 'crm.deals.list' }).click()
        await page.locator('pre').filter({ hasText: '"items"' }).waitFor()
        await page.getByRole('button', { name: 'Vælg en model' }).click()
        await page.getByText('Der er ingen model at spørge.').waitFor()
      })
    })

    test('are kept for as many days as the owner writes, and no other number is taken', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(`${world.product.address}/settings/traces`)
        const days = page.getByLabel('Dage')
        await days.fill('en uge')
        await page.getByRole('button', { name: 'Gem' }).click()
        await page.getByRole('alert').getByText('Skriv et helt tal').waitFor()
        await days.fill('14')
        await page.getByRole('button', { name: 'Gem' }).click()
        await page.getByRole('dialog').getByText('14 dage').waitFor()
        await page.getByRole('dialog').getByRole('button', { name: 'Gem' }).click()
        await page.getByText('Det er gemt.').waitFor()
      })
      const call = await signIn(world.product.address, anna)
      expect(await call('GET', '/agents/retention')).toEqual({ days: 14 })
    })
  })
}
