import type { Page, WebSocketRoute } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const [anna, mikkel] = ['anna@nordlys.example', 'mikkel@nordlys.example']

/** The fewest rows that a list shows from now on, and whether the page was loaded anew. */
export const watchRows = (page: Page) =>
  page.evaluate(`
    window.fewest = Infinity
    new MutationObserver(() => {
      window.fewest = Math.min(window.fewest, document.querySelectorAll('tbody tr a').length)
    }).observe(document.querySelector('main'), { childList: true, subtree: true })`)

/** Whether a message of the socket is of this type, and names the thing. */
const isAbout = (message: string, type: string, id: string): boolean =>
  message.includes(`"type":"${type}"`) && message.includes(id)

/** Live updates are there: the page follows what it shows. Heard from the socket's first moment, as it may be quick. */
const follows = async (page: Page, address: string): Promise<void> => {
  const id = address.split('/').at(-1)!
  const subscribed = new Promise<void>((resolve) => {
    // The page before this one may open its own meanwhile.
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (isAbout(String(payload), 'subscribed', id)) resolve()
      }),
    )
  })
  await page.goto(address)
  await subscribed
}

export function describeLive(world: BrowserWorld): void {
  const twoPages = (work: (first: Page, second: Page) => Promise<void>) =>
    withPage(world, async (first) => {
      await enter(first, world, anna)
      await withPage(world, async (second) => {
        await enter(second, world, mikkel)
        await work(first, second)
      })
    })
  const make = async (name: string): Promise<string> => {
    const call = await signIn(world.product.address)
    return ((await call('POST', '/crm/contacts', { name })) as { id: string }).id
  }

  describe('what others change', () => {
    test('is seen in the list of somebody else, in place, without a moment of emptiness', async () => {
      const id = await make('Laila Levende')
      await twoPages(async (first, second) => {
        await second.goto(`${world.product.address}/contacts?q=levende`)
        await second.getByText('Laila Levende').waitFor()
        await watchRows(second)
        await first.goto(`${world.product.address}/contacts/${id}`)
        await first.getByRole('button', { name: 'Rediger' }).click()
        const form = first.getByRole('dialog')
        await form.getByLabel('Navn').fill('Laila Levende-Lund')
        await form.getByRole('button', { name: 'Gem' }).click()
        await second.getByText('Laila Levende-Lund').waitFor()
        expect(await second.evaluate('window.fewest'), 'rows at the emptiest moment').toBeGreaterThan(0)
      })
    })

    test('is seen on the page of a contact, and not under a form that is being filled in', async () => {
      const id = await make('Frede Formular')
      const call = await signIn(world.product.address)
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await follows(page, `${world.product.address}/contacts/${id}`)
        await call('PATCH', `/crm/contacts/${id}`, { title: 'Direktør' })
        await page.locator('main').getByText('Direktør').first().waitFor()
        await page.getByRole('button', { name: 'Rediger' }).click()
        const form = page.getByRole('dialog')
        await expect.poll(() => form.getByLabel('Stilling').inputValue()).toBe('Direktør')
        await call('PATCH', `/crm/contacts/${id}`, { title: 'Formand' })
        await call('POST', '/crm/tasks', { title: 'Ring til Frede', contactId: id })
        await page.locator('main').getByText('Ring til Frede').waitFor()
        expect(await form.getByLabel('Stilling').inputValue()).toBe('Direktør')
        await page.keyboard.press('Escape')
        await page.locator('main').getByText('Formand').first().waitFor()
      })
    })

    test('while a page had no connection is seen as soon as it has one again', async () => {
      const id = await make('Olga Offline')
      const call = await signIn(world.product.address)
      await withPage(world, async (page) => {
        const cables: WebSocketRoute[] = []
        const [asked, told]: string[][] = [[], []]
        await page.routeWebSocket(/\/api\/v1\/realtime/, (cable) => {
          const server = cable.connectToServer()
          cables.push(cable)
          cable.onMessage((message) => {
            asked!.push(String(message))
            server.send(message)
          })
          server.onMessage((message) => {
            told!.push(String(message))
            cable.send(message)
          })
        })
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/contacts/${id}`)
        await expect.poll(() => told!.some((message) => isAbout(message, 'subscribed', id))).toBe(true)
        await call('PATCH', `/crm/contacts/${id}`, { title: 'Først' })
        await page.locator('main').getByText('Først').first().waitFor()
        await cables.at(-1)!.close({ code: 1012 })
        await call('PATCH', `/crm/contacts/${id}`, { title: 'Imens' })
        await page.locator('main').getByText('Imens').first().waitFor()
        expect(asked!.findLast((message) => isAbout(message, 'subscribe', id))).toContain('"last"')
      })
    })
  })
}
