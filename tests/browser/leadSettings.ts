import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { expectAccessible } from './accessible.ts'
import { withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'

export function describeLeadSettings(world: BrowserWorld): void {
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
  })
}
