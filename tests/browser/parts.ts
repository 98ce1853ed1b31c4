import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { expectAccessible } from './accessible.ts'
import { enter, say, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const mikkel = 'mikkel@nordlys.example'

export function describeParts(world: BrowserWorld): void {
  const address = (path: string): string => world.product.address + path
  const menuItem = (page: Page, name: string) =>
    page.getByRole('navigation', { name: 'Hovedmenu' }).getByRole('link', { name }).filter({ visible: true })
  const turn = async (on: boolean): Promise<void> => {
    const call = await signIn(world.product.address, anna)
    await call('PATCH', '/platform/plugins/crm', { on })
  }

  describe('parts of TekUp', () => {
    test('an owner chooses a setting, is told beside it what does not fit, and takes the usual back', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(address('/settings/parts'))
        await page.getByRole('button', { name: 'Indstillinger for Kunder og salg' }).click()
        const form = page.getByRole('form', { name: 'Indstillinger for Kunder og salg' })
        const days = form.getByLabel('Dage, før en aftale ligger stille')
        await days.fill('0')
        await form.getByLabel('Valuta for nye aftaler').fill('EUR')
        await form.getByRole('button', { name: 'Gem' }).click()
        await form.getByText('Skal være mindst 1.').waitFor()
        await expectAccessible(page, 'a setting that does not fit')
        await days.fill('7')
        await form.getByLabel('Spørg altid, hvorfor en aftale blev tabt').check()
        await form.getByRole('button', { name: 'Gem' }).click()
        await page.getByText('Indstillingerne for Kunder og salg er gemt.').waitFor()

        await page.goto(address('/'))
        await say(page, 'hvilke aftaler ligger stille', /over 7 dage/)
        await page.goto(address('/settings/parts'))
        await page.getByRole('button', { name: 'Indstillinger for Kunder og salg' }).click()
        await form.getByText('Sædvanligvis DKK.').waitFor()
        const usuals = form.getByRole('button', { name: /^Brug det sædvanlige/ })
        while ((await usuals.count()) > 0) await usuals.first().click()
        expect(await days.inputValue()).toBe('30')
        await form.getByRole('button', { name: 'Gem' }).click()
        await page.getByText('Indstillingerne for Kunder og salg er gemt.').waitFor()
      })
    })

    test('a part that is switched off leaves the menu, its addresses and the chat, and says what it is', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(address('/settings/parts'))
        await page.getByRole('button', { name: 'Slå Kunder og salg fra' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByText('Intet slettes.').waitFor()
        await dialog.getByRole('button', { name: 'Slå fra' }).click()
        await page.getByText('Kunder og salg er slået fra.').waitFor()
        await expect.poll(() => menuItem(page, 'Kontakter').count()).toBe(0)
        expect(await menuItem(page, 'Godkendelser').count()).toBe(1)
        await expectAccessible(page, 'a part that is off')

        await page.goto(address('/'))
        await say(page, 'vis kontakter', /./)
        expect(await page.locator('article').last().innerText()).not.toContain('Peter Holm')

        await page.goto(address('/companies?q=Havneby'))
        await page.getByRole('heading', { level: 1, name: 'Kunder og salg er slået fra' }).waitFor()
        await expectAccessible(page, 'an address of a part that is off')
        await page.getByRole('button', { name: 'Slå den til' }).click()
        await page.getByRole('link', { name: 'Havneby Tandklinik' }).first().waitFor()
        await menuItem(page, 'Kontakter').waitFor()
      })
    })

    test('whoever looks at one of its pages meanwhile is told so, and whom to ask', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(address('/contacts?q=Peter%20Holm'))
        await page.getByRole('link', { name: 'Peter Holm' }).first().waitFor()
        try {
          await turn(false)
          await page.getByRole('searchbox').fill('Peter')
          await page.getByText('Bed en administrator om at slå den til igen.').waitFor()
          expect(await page.getByRole('button', { name: 'Slå den til' }).count()).toBe(0)
          await expect.poll(() => menuItem(page, 'Kontakter').count()).toBe(0)
          await expectAccessible(page, 'a part that is off, to whom may not switch it on')
        } finally {
          await turn(true)
        }
        await page.reload()
        await page.getByRole('link', { name: 'Peter Holm' }).first().waitFor()
      })
    })

    test('an employee is not shown the way there', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(address('/settings/people'))
        await page.getByRole('link', { name: 'Din konto' }).waitFor()
        expect(await page.getByRole('link', { name: 'Dele af TekUp' }).count()).toBe(0)
      })
    })
  })
}
