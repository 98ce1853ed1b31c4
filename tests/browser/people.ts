import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { demoPassword, signIn } from '../process.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const chosen = 'Skovens dybe stille ro'

export function describePeople(world: BrowserWorld): void {
  const invite = async (page: Page, email: string): Promise<string> => {
    await page.goto(`${world.product.address}/settings/people`)
    await page.getByRole('button', { name: 'Invitér' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill(email)
    await dialog.getByLabel('Rolle').selectOption({ label: 'Læseadgang' })
    await dialog.getByRole('button', { name: 'Lav invitation' }).click()
    const link = await dialog.getByLabel('Link til invitationen').inputValue()
    await dialog.getByRole('button', { name: 'Færdig' }).click()
    return link
  }
  const accept = async (page: Page, link: string, password: string): Promise<void> => {
    await page.goto(link)
    await page.getByLabel('Dit navn').fill('Bente Skov')
    await page.getByLabel('Adgangskode', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Kom i gang' }).click()
  }

  describe('people', () => {
    test('an owner invites, the invited chooses a password and is in, and the link works once', async () => {
      await withPage(world, async (owner) => {
        await enter(owner, world, anna)
        const link = await invite(owner, 'bente.skov@nordlys.example')
        await owner.getByText('bente.skov@nordlys.example').waitFor()

        await withPage(world, async (guest) => {
          await guest.goto(link)
          await guest.getByRole('heading', { name: 'Velkommen til Nordlys Rengøring ApS' }).waitFor()
          await accept(guest, link, 'kort')
          await guest.getByRole('alert').getByText('10 til 200 tegn').waitFor()
          await accept(guest, link, chosen)
          await guest.getByText('Hej Bente. Hvad skal gøres?').waitFor()
          await guest.goto(`${world.product.address}/contacts`)
          await guest.locator('tbody tr a').first().waitFor()
          expect(await guest.getByRole('button', { name: 'Ny kontakt' }).count(), 'read access').toBe(0)
          await guest.goto('about:blank')
          await guest.goto(link)
          await guest.getByText('Invitationen kan ikke bruges').waitFor()
        })

        await owner.reload()
        const row = owner.getByRole('listitem').filter({ hasText: 'bente.skov@nordlys.example' })
        await row.getByLabel('Rolle for Bente Skov').selectOption({ label: 'Medarbejder' })
        await owner.getByText('Bente Skov har nu rollen Medarbejder.').waitFor()
        await row.getByRole('button', { name: 'Fjern Bente Skov' }).click()
        await owner.getByRole('dialog').getByRole('button', { name: 'Fjern', exact: true }).click()
        await row.waitFor({ state: 'detached' })
      })
    })

    test('an invitation that is taken back opens nothing, and employees see people without inviting', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        const link = await invite(page, 'fortrudt@nordlys.example')
        await page
          .getByRole('button', { name: 'Træk invitationen til fortrudt@nordlys.example tilbage' })
          .click()
        await page.getByText('fortrudt@nordlys.example er trukket tilbage').waitFor()
        await page.goto(link)
        await page.getByText('Invitationen kan ikke bruges').waitFor()
      })
      await withPage(world, async (page) => {
        await enter(page, world, 'mikkel@nordlys.example')
        await page.goto(`${world.product.address}/settings/people`)
        await page.getByText(anna).waitFor()
        expect(await page.getByRole('button', { name: 'Invitér' }).count()).toBe(0)
        expect(await page.getByRole('combobox').count(), 'roles to choose').toBe(0)
      })
    })

    test('somebody of two companies goes from one to the other, and takes nothing along', async () => {
      const call = await signIn(world.product.address, anna)
      const email = 'sofie@fjordit.example'
      const { token } = (await call('POST', '/platform/invitations', { email })) as { token: string }
      await withPage(world, async (page) => {
        await accept(page, `${world.product.address}/invitation#${token}`, demoPassword)
        const switcher = page.getByRole('button', { name: /^Skift firma: Nordlys/ })
        await switcher.waitFor()
        await page.getByRole('textbox', { name: 'Besked' }).fill('kun til Nordlys')
        await switcher.click()
        await page.getByRole('menuitem', { name: 'Fjord IT A/S' }).click()
        await page.getByRole('button', { name: /^Skift firma: Fjord IT/ }).waitFor()
        expect(await page.getByRole('textbox', { name: 'Besked' }).inputValue()).toBe('')
        await page.goto(`${world.product.address}/contacts?q=Sofie%20Lund`)
        await page.getByText('Ingen kontakter passer').waitFor()
      })
      const people = (await call('GET', '/platform/people')) as { items: { id: string; email: string }[] }
      const { id } = people.items.find((person) => person.email === email)!
      const asked = (await call('DELETE', `/platform/people/${id}`)) as { error: { code: string } }
      expect(asked.error.code).toBe('confirmation_required')
    })
  })
}
