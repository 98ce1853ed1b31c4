import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { enter, say, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const mikkel = 'mikkel@nordlys.example'
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

/** What an agent asks, and a person makes of it before it is done. */
export function describeApprovals(world: BrowserWorld): void {
  describe('an approval that is changed before it is given', () => {
    const choose = async (operations: readonly string[]) =>
      (await signIn(world.product.address, anna))('PATCH', '/platform/approvalPolicy', { operations })
    beforeAll(() => choose(['crm.contacts.create']))
    afterAll(() => choose([]))

    const named = async (name: string) => {
      const call = await signIn(world.product.address, mikkel)
      const found = (await call('GET', `/crm/contacts?q=${encodeURIComponent(name)}`)) as {
        items: { name: string }[]
      }
      return found.items.map((contact) => contact.name)
    }
    const wish = (name: string) =>
      `Opret ${name} hos Havneby Tandklinik, ${name.split(' ').join('.').toLowerCase()}@havneby.example`
    /** The card of what the agent wants for Mikkel. */
    async function asked(page: Page, name: string): Promise<Locator> {
      await enter(page, world, mikkel)
      await say(page, wish(name), /Opret en kontakt/)
      const card = page.getByRole('group', { name: 'Opret en kontakt' })
      await card.getByText('Venter på dit svar').waitFor()
      return card
    }

    test('in the chat says under the field what is wrong, does what was written, and says what was asked', async () => {
      await withPage(world, async (page) => {
        const card = await asked(page, 'Ravn Rettesen')
        await card.getByRole('button', { name: 'Rediger' }).click()
        const name = card.getByLabel('Navn *')
        expect(await name.inputValue()).toBe('Ravn Rettesen')
        await card.getByText('Bliver, som agenten bad om').waitFor()
        await name.fill('')
        await card.getByRole('button', { name: 'Ja, gør det sådan' }).click()
        await card.getByRole('alert').waitFor()
        expect(await name.getAttribute('aria-invalid')).toBe('true')

        await name.fill('Ravn Rettet')
        await card.getByRole('button', { name: 'Ja, gør det sådan' }).click()
        await card.getByText('Gjort', { exact: true }).waitFor()
        await card.getByText('Agenten bad om: Ravn Rettesen').waitFor()
        await page.getByText(/rettede det \(Navn: Ravn Rettet\) og sagde ja/).waitFor()
      })
      expect(await named('Ravn Rettet')).toContain('Ravn Rettet')
      expect(await named('Ravn Rettesen')).not.toContain('Ravn Rettesen')
    })

    test('is left by the keyboard as it was, and the focus stands where it was', async () => {
      await withPage(world, async (page) => {
        const card = await asked(page, 'Ulv Urørt')
        await card.getByRole('button', { name: 'Rediger' }).press('Enter')
        await card.getByLabel('Navn *').fill('Andet')
        await card.getByRole('button', { name: 'Annuller' }).press('Enter')
        await expect.poll(() => card.getByRole('button', { name: 'Rediger' }).evaluate((button) => button.matches(':focus'))).toBe(true) // prettier-ignore
        await card.getByRole('button', { name: 'Ja, gør det' }).click()
        await card.getByText('Gjort', { exact: true }).waitFor()
      })
      expect(await named('Ulv Urørt')).toContain('Ulv Urørt')
    })

    test('on the page of approvals on a phone fits, and tells whoever comes second', async () => {
      await withPage(
        world,
        async (page) => {
          // Nothing that happens meanwhile is heard of: whoever answers here comes second, and finds out then.
          await page.routeWebSocket(/\/api\/v1\/realtime/, () => undefined)
          await enter(page, world, mikkel)
          await say(page, wish('Hare Halvdansen'), /Opret en kontakt/)
          await page.goto(`${world.product.address}/approvals`)
          const card = page.getByRole('listitem').filter({ hasText: 'Hare Halvdansen' })
          await card.getByRole('button', { name: 'Rediger' }).click()
          await card.getByLabel('Navn *').fill('Hare Rettet')
          expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)

          const call = await signIn(world.product.address, mikkel)
          const { items } = (await call('GET', '/platform/approvals?status=pending')) as { items: { id: string; summary: string }[] } // prettier-ignore
          const { id } = items.find(({ summary }) => summary.includes('Hare Halvdansen'))!
          await call('POST', `/platform/approvals/${id}/reject`, {})
          await card.getByRole('button', { name: 'Ja, gør det sådan' }).click()
          await card
            .getByText(/har afvist det|Sagt nej til/)
            .first()
            .waitFor()
        },
        phone,
      )
      expect(await named('Hare Rettet')).not.toContain('Hare Rettet')
    })
  })
}
