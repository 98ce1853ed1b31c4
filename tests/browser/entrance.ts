import { describe, expect, test } from 'vitest'
import { demoPassword } from '../process.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const mikkel = 'mikkel@nordlys.example'

export function describeEntrance(world: BrowserWorld): void {
  describe('signing in', () => {
    test('says what is wrong, keeps what was written, and leads to where one was going', async () => {
      await withPage(world, async (page) => {
        await page.goto(`${world.product.address}/contacts?q=Sofie%20Lund`)
        await page.waitForURL('**/login?next=*')
        const email = page.getByLabel('E-mail')
        const password = page.getByLabel('Adgangskode', { exact: true })
        await page.getByRole('button', { name: 'Log ind' }).click()
        await page.getByRole('alert').getByText('Skriv både din e-mail og din adgangskode.').waitFor()
        await email.fill(mikkel)
        await password.fill('ikke den rigtige')
        await page.keyboard.press('Enter')
        await page.getByRole('alert').getByText('E-mail eller adgangskode er forkert').waitFor()
        expect(await email.inputValue()).toBe(mikkel)
        expect(new URL(page.url()).pathname).toBe('/login')
        await page.getByRole('button', { name: 'Vis adgangskoden' }).click()
        expect(await password.getAttribute('type')).toBe('text')
        await password.fill(demoPassword)
        await page.keyboard.press('Enter')
        await page.waitForURL('**/contacts?q=Sofie%20Lund')
        await page.getByRole('link', { name: 'Sofie Lund' }).waitFor()
      })
    })

    test('leaves no token within reach of a script on the page', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        const reachable = await page.evaluate<string>(
          'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
        )
        expect(reachable).not.toMatch(/eyJ|tekup_access|tekup_refresh/)
        const cookies = (await page.context().cookies()).filter(({ name }) => name.startsWith('tekup_'))
        expect(cookies.length).toBeGreaterThan(0)
        expect(cookies.every(({ httpOnly }) => httpOnly)).toBe(true)
      })
    })

    test('gives a page of another origin nothing to do with it', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        const forged = await page.request.post(`${world.product.address}/api/v1/crm/contacts`, {
          data: { name: 'Forged' },
          headers: { origin: 'https://elsewhere.example' },
        })
        expect([forged.status(), (await forged.json()).error.code]).toEqual([403, 'csrf'])
      })
    })

    test('ends with signing out, and what was being written goes with it', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.getByRole('textbox', { name: 'Besked' }).fill('fortroligt')
        await page.getByRole('button', { name: /^Din menu/ }).click()
        await page.getByRole('menuitem', { name: 'Log ud' }).click()
        await page.waitForURL('**/login')
        expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('fortroligt')
        await page.goto(`${world.product.address}/contacts`)
        await page.waitForURL('**/login?next=*')
      })
    })
  })
}
