import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { expectAccessible } from './accessible.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
const patiently = { timeout: 120_000 }

export function describeAutomations(world: BrowserWorld): void {
  const calling = () => signIn(world.product.address, anna)
  const make = async (name: string): Promise<void> => {
    await (
      await calling()
    )('POST', '/crm/contacts', { name, evenIfDuplicate: true })
  }
  const tasks = async (title: string): Promise<number> => {
    const found = (await (await calling())('GET', `/crm/tasks?q=${encodeURIComponent(title)}`)) as { items: { title: string }[] } // prettier-ignore
    return found.items.filter((task) => task.title === title).length
  }
  /** Waits until what has happened so far has been told to those who follow it: what happened last has had its effect. */
  const toldOn = async (): Promise<void> => {
    const call = await calling()
    const { id } = (await call('POST', '/leads/leads', { name: 'Sidst i Køen', email: 'sidst@koeen.example' })) as { id: string } // prettier-ignore
    const contact = async () =>
      ((await call('GET', `/leads/leads/${id}`)) as { contactId: unknown }).contactId
    await expect.poll(contact, patiently).not.toBeNull()
  }
  const openPage = async (page: Page) => {
    await enter(page, world, anna)
    await page.goto(`${world.product.address}/settings/automations`)
    await page.getByRole('button', { name: 'Ny automatisering' }).click()
    return page.getByRole('dialog')
  }
  /** Makes one in the form, as far as saving it. */
  async function fillIn(page: Page, name: string, word: string): Promise<void> {
    const form = page.getByRole('dialog')
    await form.getByLabel('Navn', { exact: true }).fill(name)
    await form.getByLabel('Når dette sker').selectOption({ label: 'En kontakt er oprettet' })
    await form.getByRole('button', { name: 'Tilføj betingelse' }).click()
    await form.getByLabel('Betingelse 1: felt').selectOption({ label: 'Navn' })
    await form.getByLabel('Betingelse 1: sammenligning').selectOption({ label: 'indeholder' })
    await form.getByLabel('Betingelse 1: værdi').fill(word)
    await form.getByLabel('Så gør dette').fill('Opret en opgave')
    await page.getByRole('option', { name: /crm\.tasks\.create/ }).click()
    const title = form.locator('#automation-input-title')
    await title.fill('Ring til , helst i dag')
    await title.press('Home')
    for (const _ of 'Ring til ') await title.press('ArrowRight')
    await form
      .getByLabel(/: tag fra hændelsen$/)
      .first()
      .selectOption({ label: 'Navn' })
    await expect.poll(() => title.inputValue()).toBe('Ring til ‹Navn›, helst i dag')
  }

  describe('automations', () => {
    test('one is made in the form, tried, approved, runs when it happens, and stands still once all are stopped', async () => {
      await make('Robot Først')
      await withPage(world, async (page) => {
        const dialog = await openPage(page)
        await dialog.getByRole('button', { name: 'Gem', exact: true }).click()
        await dialog.getByRole('alert').getByText('Skriv et navn, og vælg hændelse og handling.').waitFor()
        await fillIn(page, 'Ring til robotter', 'Robot')
        await expectAccessible(page, 'a new automation')
        await dialog.getByRole('button', { name: 'Gem', exact: true }).click()

        const filled = dialog.getByTitle('{{payload.name}}')
        await filled.waitFor()
        expect(await filled.innerText()).toBe('Navn')
        expect(await dialog.innerText()).not.toContain('{{')
        await expectAccessible(page, 'what an automation would do')
        await dialog.getByRole('button', { name: 'Annuller' }).click()
        await page.getByText('Venter på dig').waitFor()

        await page.getByRole('button', { name: 'Hvad Ring til robotter ville gøre' }).click()
        await dialog.getByText('Ville ske').first().waitFor()
        await dialog.getByText('Ring til Robot Først, helst i dag').waitFor()
        expect(await tasks('Ring til Robot Først, helst i dag')).toBe(0)
        await page.keyboard.press('Escape')

        await page.getByRole('button', { name: 'Godkend Ring til robotter' }).click()
        await dialog.getByRole('button', { name: 'Godkend og slå til' }).click()
        await page.getByText('Ring til robotter er slået til.').waitFor()

        await page.getByRole('button', { name: 'Hvad Ring til robotter har gjort' }).click()
        await dialog.getByText('Den har ikke gjort noget endnu.').waitFor()
        await make('Robot Anden')
        await expect.poll(() => tasks('Ring til Robot Anden, helst i dag'), patiently).toBe(1)
        await dialog.getByText('Gjort', { exact: true }).waitFor()
        await page.keyboard.press('Escape')

        await page.getByRole('button', { name: 'Stop alle' }).click()
        await page.getByText(/Alle automatiseringer er stoppet af Anna Nordlys/).waitFor()
        await make('Robot Tredje')
        await toldOn()
        await page.getByRole('button', { name: 'Start igen' }).click()
        await page.getByRole('button', { name: 'Stop alle' }).waitFor()
        await make('Robot Fjerde')
        await expect.poll(() => tasks('Ring til Robot Fjerde, helst i dag'), patiently).toBe(1)
        expect(await tasks('Ring til Robot Tredje, helst i dag')).toBe(0)
        expect(await tasks('Ring til Robot Anden, helst i dag')).toBe(1)
      })
    })

    test('conditions are put into groups, changed there and read as one sentence, also on a phone', async () => {
      await withPage(
        world,
        async (page) => {
          const dialog = await openPage(page)
          await fillIn(page, 'Ring til nogle', 'Skov')
          await dialog.getByRole('button', { name: 'Tilføj gruppe' }).click()
          const group = dialog.getByRole('group', { name: 'Gruppe 2' })
          for (const [place, name] of ['Bente', 'Peter'].entries()) {
            await group.getByLabel(`Betingelse 2.${place + 1}: felt`).selectOption({ label: 'Navn' })
            await group.getByLabel(`Betingelse 2.${place + 1}: værdi`).fill(name)
          }
          await expectAccessible(page, 'a group of conditions on a phone')
          await dialog.getByRole('button', { name: 'Gem', exact: true }).click()
          await dialog.getByText('Navn indeholder Skov og (Navn er Bente eller Navn er Peter)').waitFor()
          await dialog.getByRole('button', { name: 'Annuller' }).click()

          await page.getByRole('button', { name: 'Ret Ring til nogle' }).click()
          await group.getByLabel('Gruppe 2: hvor mange skal gælde').selectOption({ label: 'Alle skal gælde' })
          await group.getByRole('button', { name: 'Fjern betingelse 2.2' }).click()
          await dialog.getByRole('button', { name: 'Gem', exact: true }).click()
          await dialog.getByText('Navn indeholder Skov og (Navn er Bente)').waitFor()
          await expectAccessible(page, 'what an automation would do, on a phone')
          await dialog.getByRole('button', { name: 'Annuller' }).click()
          await expectAccessible(page, 'automations on a phone')
        },
        phone,
      )
    })

    test('what cannot work is refused with one sentence that names the field', async () => {
      await withPage(world, async (page) => {
        const dialog = await openPage(page)
        await fillIn(page, 'Ring til ingen', 'Skov')
        await dialog.getByLabel('Betingelse 1: sammenligning').selectOption({ label: 'er en af' })
        await dialog.getByLabel('Betingelse 1: værdi').fill('')
        await dialog.getByRole('button', { name: 'Gem', exact: true }).click()
        const alert = dialog.getByRole('alert')
        await alert.waitFor()
        expect(await alert.innerText()).toMatch(/^[^{}\n]{10,200}\.$/)
      })
    })
  })
}
