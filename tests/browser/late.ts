import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { demoPassword, signIn } from '../process.ts'
import { holdNext, painted } from './held.ts'
import { watchRows } from './live.ts'
import { enter, say, settled, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const mikkel = 'mikkel@nordlys.example'

export function describeLate(world: BrowserWorld): void {
  /** The page of the sources that leads come from, with these two on it. */
  async function openSources(page: Page, names: readonly string[]): Promise<void> {
    const call = await signIn(world.product.address, anna)
    for (const name of names) await call('POST', '/leads/sources', { name, channel: 'web' })
    await enter(page, world, anna)
    await page.goto(`${world.product.address}/settings/leads/sources`)
    await page.getByRole('button', { name: `Ret ${names.at(-1)}` }).waitFor()
  }

  /** Those that are closing are on the page still. */
  const openDialogs = (page: Page) => page.locator('[role=dialog][data-state=open]').count()

  describe('an answer that comes late', () => {
    test('to what would be deleted says nothing of the next thing that is to be', async () => {
      await withPage(world, async (page) => {
        await openSources(page, ['Sen Avis', 'Sen Biograf'])
        const dialog = page.getByRole('dialog')
        const held = await holdNext(page, 'DELETE', /\/leads\/sources\//)
        await page.getByRole('button', { name: 'Slet Sen Avis' }).click()
        await held.answered
        await page.keyboard.press('Escape')
        await page.getByRole('button', { name: 'Slet Sen Biograf' }).click()
        await dialog.getByText(/Sen Biograf.*\./).waitFor()
        await held.release()
        expect(await dialog.innerText()).not.toContain('Sen Avis')
        await dialog.getByRole('button', { name: 'Slet', exact: true }).click()
        await page.getByText('Sen Biograf er slettet.').waitFor()
      })
    })

    test('to a deletion leaves the next one to be asked about, and tells which was deleted', async () => {
      await withPage(world, async (page) => {
        await openSources(page, ['Sen Cykel', 'Sen Dør'])
        const dialog = page.getByRole('dialog')
        await page.getByRole('button', { name: 'Slet Sen Cykel' }).click()
        await dialog.getByText(/Sen Cykel.*\./).waitFor()
        const held = await holdNext(page, 'DELETE', /\/leads\/sources\//)
        await dialog.getByRole('button', { name: 'Slet', exact: true }).click()
        await held.answered
        await page.keyboard.press('Escape')
        await page.getByRole('button', { name: 'Slet Sen Dør' }).click()
        await dialog.getByText(/Sen Dør.*\./).waitFor()
        await held.release()
        await page.getByText('er slettet.').waitFor()
        await painted(page)
        expect(await openDialogs(page)).toBe(1)
        await page.getByText('Sen Cykel er slettet.').waitFor()
        await dialog.getByRole('button', { name: 'Slet', exact: true }).click()
        await page.getByText('Sen Dør er slettet.').waitFor()
      })
    })

    test('to a form that was left does not close the next one', async () => {
      await withPage(world, async (page) => {
        // Read again by its own saving alone.
        await page.routeWebSocket(/\/api\/v1\/realtime/, () => undefined)
        await openSources(page, ['Sen Enhed', 'Sen Foto'])
        const dialog = page.getByRole('dialog')
        const held = await holdNext(page, 'PATCH', /\/leads\/sources\//)
        await page.getByRole('button', { name: 'Ret Sen Enhed' }).click()
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await held.answered
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'hidden' })
        await page.getByRole('button', { name: 'Ret Sen Foto' }).click()
        await dialog.getByLabel('Navn').fill('Sen Fotograf')
        const read = page.waitForResponse((response) => response.url().includes('/leads/sources?'))
        await held.release()
        await (await read).finished()
        await painted(page)
        expect(await openDialogs(page)).toBe(1)
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await page.getByRole('button', { name: 'Ret Sen Fotograf' }).waitFor()
      })
    })

    test('to an invitation is not the link of the one that is written next', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(`${world.product.address}/settings/people`)
        const dialog = page.getByRole('dialog')
        const held = await holdNext(page, 'POST', /\/platform\/invitations$/)
        await page.getByRole('button', { name: 'Invitér' }).click()
        await dialog.getByLabel('E-mail').fill('sen.foerste@nordlys.example')
        await dialog.getByRole('button', { name: 'Lav invitation' }).click()
        await held.answered
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'hidden' })
        await page.getByRole('button', { name: 'Invitér' }).click()
        await dialog.getByLabel('E-mail').fill('sen.anden@nordlys.example')
        await held.release()
        await settled(page)
        expect(await dialog.getByLabel('Link til invitationen').count()).toBe(0)
      })
    })

    test('to the choice before leaves the fields of the one that is chosen', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(`${world.product.address}/settings/automations`)
        await page.getByRole('button', { name: 'Ny automatisering' }).click()
        const does = page.getByRole('dialog').getByLabel('Så gør dette')
        const held = await holdNext(page, 'GET', /\/operations\/crm\.contacts\.create$/)
        await does.fill('Opret en kontakt')
        await page.getByRole('option', { name: /crm\.contacts\.create/ }).click()
        await held.answered
        await does.fill('Opret en opgave')
        await page.getByRole('option', { name: /crm\.tasks\.create/ }).click()
        const title = page.locator('#automation-input-title')
        await title.fill('Ring snart')
        await held.release()
        expect(await title.inputValue({ timeout: 5_000 })).toBe('Ring snart')
      })
    })

    test('to what a lead would become with a deal is not what it becomes without', async () => {
      const call = await signIn(world.product.address)
      const { id } = (await call('POST', '/leads/leads', { name: 'Sene Kunde' })) as { id: string }
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/leads/${id}`)
        const held = await holdNext(page, 'POST', /\/preview$/)
        await page.getByRole('button', { name: 'Konvertér' }).click()
        await held.answered
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('checkbox').uncheck()
        await dialog.getByRole('list').waitFor()
        const without = await dialog.getByRole('list').innerText()
        await held.release()
        expect(await dialog.getByRole('list').innerText()).toBe(without)
      })
    })

    test('to the list of questions does not ask again what was answered', async () => {
      const call = await signIn(world.product.address)
      await call('POST', '/crm/contacts', { name: 'Sune Sensvar' })
      await withPage(world, async (page) => {
        await page.routeWebSocket(/\/api\/v1\/realtime/, () => undefined)
        await enter(page, world, mikkel)
        await say(page, 'slet Sune Sensvar', /Slet en kontakt/)
        await page.goto(`${world.product.address}/approvals`)
        const card = page.getByRole('listitem').filter({ hasText: 'Sune Sensvar' })
        await card.getByText('Venter på dit svar').waitFor()
        const held = await holdNext(page, 'GET', /\/platform\/approvals\?limit=50/)
        await page.evaluate(`dispatchEvent(new Event('focus'))`)
        await held.answered
        await card.getByRole('button', { name: 'Nej', exact: true }).click()
        await card.getByText('Sagt nej til').waitFor()
        await held.release()
        expect(await card.innerText()).toContain('Sagt nej til')
      })
    })

    test('to a list that was read again leaves the rows that were fetched meanwhile', async () => {
      const call = await signIn(world.product.address)
      const made = await Promise.all(
        Array.from({ length: 60 }, (_, place) =>
          call('POST', '/crm/contacts', { name: `Senrække ${place + 10}`, evenIfDuplicate: true }),
        ),
      )
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts?q=senr%C3%A6kke`)
        const rows = page.locator('tbody tr a')
        await expect.poll(() => rows.count()).toBe(50)
        const held = await holdNext(page, 'GET', /\/crm\/contacts\?/)
        await call('PATCH', `/crm/contacts/${(made[0] as { id: string }).id}`, { title: 'Sen' })
        await held.answered
        await rows.last().scrollIntoViewIfNeeded()
        await expect.poll(() => rows.count()).toBe(60)
        await watchRows(page)
        await held.release()
        expect(await page.evaluate('window.fewest'), 'rows at the emptiest moment').toBeGreaterThanOrEqual(60)
      })
    })

    test('to a first press brings what a second one would have brought, once', async () => {
      const call = await signIn(world.product.address)
      const { id } = (await call('POST', '/crm/contacts', { name: 'Stine Senhed' })) as { id: string }
      for (let day = 0; day < 25; day++)
        await call('POST', '/crm/activities', { kind: 'note', subject: `Note ${day}`, contactId: id })
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts/${id}`)
        const held = await holdNext(page, 'GET', /\/crm\/activities\?.*cursor=/)
        const more = page.getByRole('button', { name: 'Vis flere' })
        await more.click()
        await held.answered
        await more.click()
        await held.release()
        const notes = page.locator('main').getByText(/^Note \d+$/)
        await expect.poll(() => notes.count()).toBe(25)
      })
    })

    test('to a form that makes something takes nobody away from where they have gone', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.getByRole('link', { name: 'Kontakter' }).first().click()
        await page.getByRole('button', { name: 'Ny kontakt' }).click()
        const name = page.getByRole('dialog').getByLabel('Navn', { exact: true })
        await name.fill('Sejr Senmagt')
        const held = await holdNext(page, 'POST', /\/crm\/contacts$/)
        await name.press('Enter')
        await held.answered
        await page.keyboard.press('Escape')
        await page.getByRole('link', { name: 'Firmaer' }).first().click()
        await page.getByRole('heading', { name: 'Firmaer' }).waitFor()
        await held.release()
        await page.getByText('Sejr Senmagt er oprettet').waitFor()
        await settled(page)
        expect(new URL(page.url()).pathname).toBe('/companies')
      })
    })

    test('to a sign-in is waited for, however often Enter is pressed', async () => {
      await withPage(world, async (page) => {
        await page.goto(`${world.product.address}/login`)
        await page.getByLabel('E-mail').fill(mikkel)
        await page.getByLabel('Adgangskode', { exact: true }).fill(demoPassword)
        const sent: string[] = []
        page.on('request', (request) => request.url().endsWith('/auth/login') && sent.push(request.url()))
        const held = await holdNext(page, 'POST', /\/auth\/login$/)
        await page.keyboard.press('Enter')
        await held.answered
        await page.keyboard.press('Enter')
        await held.release()
        await page.getByRole('textbox', { name: 'Besked' }).waitFor()
        expect(sent).toHaveLength(1)
      })
    })
  })
}
