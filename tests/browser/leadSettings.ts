import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { expectAccessible } from './accessible.ts'
import { holdNext } from './held.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const [anna, mikkel] = ['anna@nordlys.example', 'mikkel@nordlys.example']
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }

export function describeLeadSettings(world: BrowserWorld): void {
  const open = async (page: Page, place: string) => {
    await enter(page, world, anna)
    await page.goto(`${world.product.address}/settings/leads/${place}`)
  }
  const makeForm = async (given: object): Promise<{ id: string; publicKey: string }> => {
    const call = await signIn(world.product.address, anna)
    return (await call('POST', '/leads/forms', { name: 'Book et besøg', leastSeconds: 0, ...given })) as never
  }
  const fillIn = async (page: Page, name: string, email: string) => {
    await page.getByLabel('Navn').fill(name)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Vi må ringe til dig.').check()
    await page.getByRole('button', { name: 'Send' }).click()
  }

  describe('how leads come in', () => {
    test('an owner makes a form with a field of its own, shares its page, and gives it a new key', async () => {
      await withPage(world, async (page) => {
        await open(page, 'forms')
        await page.getByRole('button', { name: 'Ny formular' }).first().click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await dialog.getByRole('alert').waitFor()
        await dialog.getByLabel('Navn', { exact: true }).fill('Få en prøverengøring')
        await dialog.getByRole('button', { name: 'Tilføj felt' }).click()
        await page.keyboard.type('Antal kvadratmeter')
        await dialog.getByLabel('Samtykke').fill('Vi må ringe til dig.')
        await dialog.getByLabel('Send videre til').fill('havneby')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await dialog.getByText('Send videre til: skriv en hel adresse').waitFor()
        await dialog.getByLabel('Send videre til').fill('')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await page.getByRole('heading', { name: 'Få en prøverengøring Åben' }).waitFor()
        await page.getByText('antalKvadratmeter').first().waitFor()
        const address = await page.getByRole('link', { name: '/f/form_' }).innerText()
        await page.getByRole('button', { name: 'Ny nøgle' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Ny nøgle' }).click()
        await expect.poll(() => page.getByRole('link', { name: '/f/form_' }).innerText()).not.toBe(address)
        expect((await fetch(address)).status).toBe(404)
      })
    })

    test.each([
      ['a script', 'Visit Bordskriver', {}],
      ['a script, on a phone', 'Visit Lommeskriver', phone],
    ])('a visitor fills the page of a form in without %s, and is thanked', async (_, name, options) => {
      const { publicKey } = await makeForm({
        consentText: 'Vi må ringe til dig.',
        thanksText: 'Tak, vi ringer.',
      })
      await withPage(
        world,
        async (page) => {
          await page.goto(`${world.product.address}/f/${publicKey}`)
          await fillIn(page, name, `${name.replace(' ', '.').toLowerCase()}@havneby.example`)
          await page.getByText('Tak, vi ringer.').waitFor()
          const call = await signIn(world.product.address, anna)
          expect(await call('GET', `/leads/leads?q=${encodeURIComponent(name)}`)).toMatchObject({
            items: [{ name }],
          })
        },
        { ...options, javaScriptEnabled: false },
      )
    })

    test.each(['light', 'dark'] as const)(
      'the page of a form is accessible, %s, with what is to be mended too',
      async (colorScheme) => {
        const { publicKey } = await makeForm({
          consentText: 'Vi må ringe til dig.',
          intro: 'Så er du i gang.',
        })
        await withPage(
          world,
          async (page) => {
            await page.goto(`${world.product.address}/f/${publicKey}`)
            await expectAccessible(page, 'a form')
            await fillIn(page, 'Kort', 'ikke@rigtig')
            await page.getByRole('alert').waitFor()
            expect(await page.getByLabel('Navn').inputValue()).toBe('Kort')
            await expectAccessible(page, 'a form that is to be mended')
          },
          { colorScheme },
        )
      },
    )

    test('a browser proves itself where the form asks for it, and nothing waits in quarantine', async () => {
      const { id, publicKey } = await makeForm({ consentText: 'Vi må ringe til dig.', guard: 'proof' })
      await withPage(world, async (page) => {
        await page.goto(`${world.product.address}/f/${publicKey}`)
        await expect.poll(() => page.locator('input[name=proof]').inputValue()).not.toBe('')
        await fillIn(page, 'Bodil Bevis', 'bodil@bevis.example')
        await page.getByRole('heading', { name: 'Tak' }).waitFor()
        const call = await signIn(world.product.address, anna)
        expect(await call('GET', `/leads/forms/${id}`)).toMatchObject({ submissions: 1, quarantined: 0 })
      })
    })

    test('what looks like a robot is shown with its reason, made a lead or thrown away', async () => {
      const { publicKey } = await makeForm({})
      for (const name of ['Ægte Ellen', 'Robot Rasmus'])
        await fetch(`${world.product.address}/api/v1/public/leads/forms/${publicKey}/submit`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ values: { name, email: 'x@mailinator.com' } }),
        })
      await withPage(world, async (page) => {
        await open(page, 'quarantine')
        const card = page
          .getByRole('listitem')
          .filter({ has: page.getByRole('heading', { name: 'Ægte Ellen', exact: true }) })
        await card.getByText('E-mailadressen er en engangsadresse.').waitFor()
        await page.getByRole('button', { name: 'Gør henvendelsen fra Ægte Ellen til et lead' }).click()
        await page.getByText('Ægte Ellen er et lead nu.').waitFor()
        await page.getByRole('button', { name: 'Smid henvendelsen fra Robot Rasmus væk' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Smid væk' }).click()
        await page.getByRole('heading', { name: 'Robot Rasmus', exact: true }).waitFor({ state: 'detached' })
      })
    })

    test('a rule of points is made, switched off, and all leads are scored anew in the background', async () => {
      await withPage(world, async (page) => {
        await open(page, 'scoring')
        await page.getByRole('button', { name: 'Ny regel' }).first().click()
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('Navn').fill('Fra Odder')
        await dialog.getByLabel('Felt').selectOption({ label: 'By' })
        await dialog.getByLabel('Hvordan').selectOption({ label: 'er' })
        await dialog.getByLabel('Værdi').fill('Odder')
        await dialog.getByLabel('Point').fill('15')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        const row = page.getByRole('listitem').filter({ hasText: 'Fra Odder' })
        await row.getByText('By er “Odder”').waitFor()
        await row.getByText('+15').waitFor()
        await row.getByRole('switch').click()
        await row.getByText('Slået fra').waitFor()
        await page.getByRole('button', { name: 'Genberegn alle' }).click()
        await page.getByText('Alle leads bliver genberegnet i baggrunden.').waitFor()
      })
    })

    test('rules of assignment have an order, which an owner changes', async () => {
      const call = await signIn(world.product.address, anna)
      const { items } = (await call('GET', '/platform/people')) as { items: { id: string }[] }
      const make = (name: string) =>
        call('POST', '/leads/assignmentRules', { name, owners: [items[0]!.id] }) as Promise<{ id: string }>
      const first = await make('Første')
      await make('Anden')
      await withPage(world, async (page) => {
        await open(page, 'assignment')
        const names = page.getByRole('main').getByRole('listitem').locator('p:first-child')
        const order = async () => (await names.allInnerTexts()).join(' ')
        await expect.poll(order).toMatch(/Alle, på skift Første Anden/)
        const held = await holdNext(page, 'PATCH', new RegExp(first.id))
        const up = page.getByRole('button', { name: 'Flyt Anden op' })
        await up.click()
        await held.answered
        await up.press('Enter')
        await held.release()
        await expect.poll(order).toMatch(/Anden Alle, på skift Første/)
        await page.getByRole('button', { name: 'Flyt Anden ned' }).press('Enter')
        await expect.poll(order).toMatch(/Alle, på skift Anden Første/)
        await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe('Flyt Anden ned')
      })
    })

    test('an employee of a company that has leads switched on finds them where they are', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/settings/leads`)
        await page.getByRole('navigation', { name: 'Formularer og leadregler' }).waitFor()
        await page.getByRole('link', { name: 'Kilder' }).click()
        await page.getByRole('heading', { name: 'Kilder' }).waitFor()
      })
    })
  })
}
