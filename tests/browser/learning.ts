import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { enter, say, withPage, type BrowserWorld } from './world.ts'

const sentence = 'vis åbne aftaler'

export function describeLearning(world: BrowserWorld): void {
  describe('learning', () => {
    test('a thumb up and a correction reach the owner, who exports them and lets one be forgotten', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, 'mikkel@nordlys.example')
        await say(page, sentence, /crm\.deals\.list/)
        await page.getByRole('button', { name: 'Godt svar' }).click()
        await page.getByText('Det lærer agenterne af').waitFor()
        await say(page, 'vis mine opgaver', /crm\.tasks\.list/)
        await page.getByRole('button', { name: 'Dårligt svar' }).last().click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('button', { name: 'Send' }).click()
        await dialog.getByRole('alert').getByText('Vælg, hvad der skulle være gjort').waitFor()
        await dialog.getByLabel('Det rigtige havde været').fill('find kontakter')
        await dialog.getByRole('option', { name: /crm\.contacts\.list/ }).click()
        await dialog.getByLabel('Bemærkning').fill('Jeg mente folk.')
        await dialog.getByRole('button', { name: 'Send' }).click()
        await dialog.waitFor({ state: 'hidden' })
        await page.reload()
        await expect.poll(() => page.getByRole('button', { pressed: true }).count()).toBe(2)
      })
      await withPage(world, async (page) => {
        await enter(page, world, 'anna@nordlys.example')
        await page.goto(`${world.product.address}/settings/learning`)
        await page.getByText('Jeg mente folk.').waitFor()
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Dansk' }).click(),
        ])
        const told = JSON.parse(await readFile(await file.path(), 'utf8')) as { calls: { say: string }[] }
        expect(told.calls.map(({ say: said }) => said)).toContain(sentence)
        const phrase = page
          .getByRole('listitem')
          .filter({ hasText: 'Bekræftet' })
          .filter({ hasText: sentence })
        await phrase.getByRole('button').click()
        await page.getByRole('dialog').getByRole('button', { name: 'Glem' }).click()
        await phrase.waitFor({ state: 'detached' })
      })
    })

    test('what agents keep in mind is written, read and erased, and a colleague’s own is not shown', async () => {
      const note = 'Jeg er farveblind'
      await withPage(world, async (page) => {
        await enter(page, world, 'mikkel@nordlys.example')
        await page.goto(`${world.product.address}/settings/learning`)
        await page.getByRole('button', { name: 'Husk', exact: true }).click()
        await page.getByRole('alert').getByText('Skriv noget først.').waitFor()
        await page.getByLabel('Noget, agenterne skal huske om dig').fill(note)
        await page.keyboard.press('Enter')
        const kept = page.getByRole('listitem').filter({ hasText: note })
        await kept.waitFor()
        await withPage(world, async (owner) => {
          await enter(owner, world, 'anna@nordlys.example')
          await owner.goto(`${world.product.address}/settings/learning`)
          await owner.getByRole('heading', { name: 'Hvad folk synes' }).waitFor()
          expect(await owner.getByText(note).count()).toBe(0)
        })
        await kept.getByRole('button').click()
        await page.getByRole('dialog').getByRole('button', { name: 'Glem' }).click()
        await kept.waitFor({ state: 'detached' })
      })
    })
  })
}
