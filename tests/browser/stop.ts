import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openaiProtocol } from '../../agents/testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../../agents/testing/vendorServer.ts'
import { startProduct } from '../process.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

/** A model that begins to speak and never ends, behind the vendor's own protocol. */
export function describeStop(shared: BrowserWorld): void {
  describe('an answer that goes on and on', () => {
    const world = {} as BrowserWorld
    let vendor: VendorServer
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tekup-stop-'))
      vendor = await startVendor(openaiProtocol, () => ({ words: ['Jeg ', 'tæller ', 'til '], hangs: true }))
      const product = await startProduct({ DATA_DIR: folder, ...openaiProtocol.environment(vendor.address) })
      Object.assign(world, { product, browser: shared.browser })
    }, 600_000)
    afterAll(async () => {
      await world.product?.stop()
      await vendor?.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    })

    test.each([
      ['with the button', (page: Page) => page.getByRole('button', { name: 'Stop' }).click()],
      ['with Escape', (page: Page) => page.keyboard.press('Escape')],
    ])('is stopped %s, keeps what was said, and can be followed by another message', async (_, stop) => {
      await withPage(world, async (page) => {
        await enter(page, world, 'mikkel@nordlys.example')
        const field = page.getByRole('textbox', { name: 'Besked' })
        await field.fill('tæl for mig')
        await field.press('Enter')
        const answer = page.locator('article').first()
        await answer.getByText('Jeg tæller til').waitFor()
        await field.fill('og noget andet')
        await stop(page)
        await answer.getByText('Stoppet, før jeg var færdig.').waitFor()
        expect(await answer.innerText()).toContain('Jeg tæller til')
        expect(await field.inputValue(), 'what was being written meanwhile').toBe('og noget andet')

        await page.reload()
        await answer.getByText('Stoppet, før jeg var færdig.').waitFor()
        expect(await answer.innerText()).toContain('Jeg tæller til')
        expect(await field.inputValue(), 'after a reload').toBe('og noget andet')
        await field.press('Enter')
        await page.locator('article').nth(1).getByText('Jeg tæller til').waitFor()
      })
    })
  })
}
