import { describe, expect, test } from 'vitest'
import { enter, say, withPage, type BrowserWorld } from './world.ts'

export function describeAgents(world: BrowserWorld): void {
  const at = (path: string): string => world.product.address + path

  describe('agents', () => {
    test('an owner makes one that may only read, a colleague chooses it, and it changes nothing', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, 'anna@nordlys.example')
        await page.goto(at('/settings/agents'))
        await page.getByRole('link', { name: 'Ny agent' }).click()
        await page.getByRole('button', { name: 'Opret agent' }).click()
        await page.getByRole('alert').getByText('Skriv et navn.').waitFor()
        await page.getByLabel('Navn').fill('Opslag')
        await page.getByLabel('Instruktioner').fill('Slå op for folk.')
        await page.getByLabel('Kun det, der står herunder').check()
        await page.getByRole('button', { name: 'Opret agent' }).click()
        await page.getByRole('alert').getByText('Vælg mindst én ting').waitFor()
        await page.getByRole('button', { name: 'Tilføj noget, den må' }).click()
        await page.getByRole('combobox', { name: 'Tilføj noget, den må' }).fill('al læsning crm')
        await page.getByRole('option', { name: 'Al læsning i crm' }).click()
        await page.getByRole('button', { name: 'Opret agent' }).click()
        await page.getByRole('heading', { name: 'Opslag', level: 1 }).waitFor()
      })
      await withPage(world, async (page) => {
        await enter(page, world, 'mikkel@nordlys.example')
        await page.getByLabel('Tal med').selectOption({ label: 'Opslag' })
        await say(page, 'vis åbne aftaler', /crm\.deals\.list/)
        await say(page, 'Opret kontakten Torkild Uønsket', /./)
        expect(await page.locator('article').last().innerText()).not.toMatch(/crm\.contacts\.create/)
        await page.reload()
        await page.locator('header').getByText('Opslag').waitFor()
      })
    })

    test('what was changed is read line by line, and an agent is brought back to how it was', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, 'anna@nordlys.example')
        await page.goto(at('/settings/agents/new'))
        await page.getByLabel('Navn').fill('Skriveren')
        await page.getByLabel('Instruktioner').fill('Svar kort.')
        await page.getByRole('button', { name: 'Opret agent' }).click()
        await page.getByRole('heading', { name: 'Skriveren', level: 1 }).waitFor()
        await page.getByLabel('Instruktioner').fill('Svar kort.\nSkriv altid på vers.')
        await page.getByRole('button', { name: 'Gem', exact: true }).click()
        await page.getByRole('button', { name: 'Ændringer i version 2' }).click()
        await page.locator('dd').getByText('Skriv altid på vers.').waitFor()
        await page.getByRole('button', { name: 'Gå tilbage til version 1' }).click()
        await expect.poll(() => page.getByLabel('Instruktioner').inputValue()).toBe('Svar kort.')
        await page.getByRole('button', { name: 'Slet Skriveren' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Slet', exact: true }).click()
        await page.waitForURL('**/settings/agents')
        await page.getByRole('link', { name: 'Opslag' }).waitFor()
        expect(await page.getByRole('link', { name: 'Skriveren' }).count()).toBe(0)
      })
    })
  })
}
