import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { enter, settled, withPage, type BrowserWorld } from './world.ts'

const mikkel = 'mikkel@nordlys.example'

const twoFrames = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))'

interface Named {
  readonly id: string
  readonly name: string
}

export function describeCustomers(world: BrowserWorld): void {
  const make = async (resource: 'contacts' | 'companies', input: object): Promise<Named> => {
    const call = await signIn(world.product.address)
    return (await call('POST', `/crm/${resource}`, input)) as Named
  }
  const shown = (page: Page) => page.locator('tbody tr a')

  describe('contacts and companies', () => {
    test('the list follows every key without an empty moment, and a late answer changes nothing', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts`)
        await shown(page).first().waitFor()
        // The answer to the first letters is held back until the last one has been shown.
        const [asked, released, over] = [0, 1, 2].map(() => Promise.withResolvers<void>())
        await page.route(/\/crm\/contacts\?.*q=so(&|$)/, async (route) => {
          asked!.resolve()
          await released!.promise
          // One that the page has given up is answered by nobody.
          await route
            .fetch()
            .then((response) => route.fulfill({ response }))
            .catch(() => undefined)
          over!.resolve()
        })
        await page.evaluate(`
          window.fewest = Infinity
          new MutationObserver(() => {
            window.fewest = Math.min(window.fewest, document.querySelectorAll('tbody tr a').length)
          }).observe(document.querySelector('main'), { childList: true, subtree: true })`)
        await page.getByRole('searchbox').pressSequentially('so', { delay: 120 })
        await asked!.promise
        await page.getByRole('searchbox').pressSequentially('fie lund', { delay: 90 })
        await expect.poll(() => shown(page).allInnerTexts()).toEqual(['Sofie Lund'])
        await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('sofie lund')
        released!.resolve()
        await over!.promise
        // What a late answer would change is drawn by the next frame but one.
        await page.evaluate(twoFrames)
        expect(await shown(page).allInnerTexts()).toEqual(['Sofie Lund'])
        expect(await page.evaluate('window.fewest'), 'rows at the emptiest moment').toBeGreaterThan(0)
      })
    })

    test('a contact gets an owner, an address and a second email, and the history stays in place', async () => {
      const { id } = await make('contacts', {
        name: 'Ida Vester',
        emails: [{ address: 'ida@vester.example' }],
      })
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts/${id}`)
        await page.getByRole('button', { name: 'Rediger' }).click()
        const form = page.getByRole('dialog')
        await form.getByLabel('Ansvarlig').selectOption({ label: 'Anna Nordlys' })
        await form.getByLabel('Adresse').fill('Kajen 4')
        await form.getByLabel('Postnr.').fill('8000')
        await form.getByLabel('By', { exact: true }).fill('Aarhus C')
        await form.getByRole('button', { name: 'Flere e-mails' }).click()
        await page.keyboard.type('privat@vester.example')
        await form.getByRole('button', { name: 'Gem' }).click()
        await form.waitFor({ state: 'hidden' })
        const main = page.locator('main')
        for (const text of ['Anna Nordlys', 'Kajen 4', '8000 Aarhus C', 'privat@vester.example'])
          await main.getByText(text).first().waitFor()

        await page.getByRole('tab', { name: 'Opkald' }).click()
        await page
          .getByRole('textbox', { name: 'Hvad talte I om?' })
          .fill('Ringede om tilbuddet\nHun vender tilbage mandag')
        await page.getByRole('button', { name: 'Gem opkald' }).click()
        await main.getByText('Hun vender tilbage mandag').waitFor()
        await main.getByText('i dag').first().waitFor()
      })
    })

    test('a change that somebody else was faster with is refused, and theirs is fetched', async () => {
      const { id } = await make('contacts', { name: 'Karl Konflikt' })
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts/${id}`)
        await page.getByRole('button', { name: 'Rediger' }).click()
        const form = page.getByRole('dialog')
        await form.getByLabel('Stilling').fill('Chef')
        const call = await signIn(world.product.address)
        await call('PATCH', `/crm/contacts/${id}`, { title: 'Direktør' })
        await form.getByRole('button', { name: 'Gem' }).click()
        await form.getByText('En anden har ændret det imens').waitFor()
        await form.getByRole('button', { name: 'Hent den nye udgave' }).click()
        await expect.poll(() => form.getByLabel('Stilling').inputValue()).toBe('Direktør')
      })
    })

    test('a contact is deleted after a yes to the server’s own sentence, and not before', async () => {
      const { id } = await make('contacts', { name: 'Sletta Snart' })
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts/${id}`)
        await page.getByRole('button', { name: 'Flere handlinger' }).click()
        await page.getByRole('menuitem', { name: 'Slet Sletta Snart' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByText('kan ikke genskabes').waitFor()
        const call = await signIn(world.product.address)
        expect(await call('GET', `/crm/contacts/${id}`)).toMatchObject({ name: 'Sletta Snart' })
        await dialog.getByRole('button', { name: 'Slet', exact: true }).click()
        await page.waitForURL('**/contacts')
        expect(await call('GET', `/crm/contacts/${id}`)).toMatchObject({ error: { code: 'not_found' } })
      })
    })

    test('a company is made, found, changed, and leads to its people', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/companies`)
        await page.getByRole('button', { name: 'Nyt firma' }).click()
        const form = page.getByRole('dialog')
        await form.getByLabel('Navn').fill('Klitgården Kro')
        await form.getByLabel('CVR-nummer').fill('12345678')
        await form.getByRole('button', { name: 'Opret firma' }).click()
        await form.getByRole('alert').getByText('CVR').waitFor()
        await form.getByLabel('CVR-nummer').fill('')
        await form.getByLabel('By', { exact: true }).fill('Skagen')
        await form.getByRole('button', { name: 'Opret firma' }).click()
        await page.waitForURL('**/companies/*-*')
        await page.getByRole('heading', { name: 'Klitgården Kro' }).waitFor()
        const companyId = new URL(page.url()).pathname.split('/').at(-1)
        await make('contacts', { name: 'Ulla Klit', companyId })
        await page.reload()
        await page.getByRole('link', { name: 'Ulla Klit' }).click()
        await page.getByRole('heading', { name: 'Ulla Klit' }).waitFor()
        await page.getByRole('link', { name: 'Klitgården Kro' }).click()
        await page.waitForURL(`**/companies/${companyId}`)
      })
    })

    test('the command palette finds a customer and a page by keyboard, and gives the focus back', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts`)
        await settled(page)
        await page.getByRole('searchbox').focus()
        await page.keyboard.press('Control+k')
        const palette = page.getByRole('dialog')
        await palette.getByRole('combobox').waitFor()
        await page.keyboard.press('Escape')
        await palette.waitFor({ state: 'hidden' })
        const focused = page.getByRole('searchbox')
        await expect.poll(() => focused.evaluate((element) => element.matches(':focus'))).toBe(true)

        await page.keyboard.press('Control+k')
        await page.keyboard.type('havneby tand')
        await palette.getByRole('option', { name: /Havneby Tandklinik.*Randers/ }).waitFor()
        // Those who work there come first, and Enter chooses the first.
        const first = palette.getByRole('option').first()
        await expect.poll(() => first.getAttribute('aria-selected')).toBe('true')
        await page.keyboard.press('Enter')
        await page.waitForURL('**/contacts/*-*')
        await page.getByRole('link', { name: 'Havneby Tandklinik' }).click()
        await page.waitForURL('**/companies/*-*')

        await page.keyboard.press('Control+k')
        await page.keyboard.type('din konto')
        await palette.getByRole('option', { name: 'Din konto', selected: true }).waitFor()
        await page.keyboard.press('Enter')
        await page.waitForURL('**/settings/sessions')
      })
    })
  })
}
