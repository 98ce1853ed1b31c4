import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { enter, say, settled, withPage, type BrowserWorld } from './world.ts'

const mikkel = 'mikkel@nordlys.example'

export function describeChat(world: BrowserWorld): void {
  describe('the chat', () => {
    test('lets an employee ask, make a contact and move a deal, in Danish and then in English', async () => {
      await withPage(world, async (page) => {
        const { address } = world.product
        await enter(page, world, mikkel)
        const call = await signIn(address)

        await say(page, 'Hvilke kunder har vi ikke talt med i over en måned?', /crm\.companies\.list/)
        await say(page, 'Opret Bente Skov hos Havneby Tandklinik, bente@havneby.example', /Bente Skov/)
        await say(page, 'flyt Havneby-aftalen til tilbud sendt', /Tilbud sendt/)
        const found = (await call('GET', '/crm/contacts?q=bente%20skov')) as {
          items: { name: string; companyName: string }[]
        }
        expect(found.items[0]).toMatchObject({ name: 'Bente Skov', companyName: 'Havneby Tandklinik' })
        const deals = (await call('GET', '/crm/deals?q=havneby')) as { items: { stageName: string }[] }
        expect(deals.items[0]?.stageName).toBe('Tilbud sendt')

        await say(page, 'Which customers haven’t we talked to in over a month?', /crm\.companies\.list/)
        await say(page, 'Create Jens Skov at Havneby Tandklinik, jens@havneby.example', /Created .*Jens Skov/)
        await say(page, 'move the Havneby deal to negotiation', /Moved .*Forhandling/)

        await page.goto(`${address}/contacts?q=bente%20skov`)
        await page.getByRole('link', { name: 'Bente Skov' }).first().click()
        await page.waitForURL('**/contacts/*-*')
        await page.locator('main').getByText('bente@havneby.example').first().waitFor()
      })
    })

    test('shows the other company none of it, by any way in', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, 'sofie@fjordit.example')
        await say(page, 'flyt Havneby-aftalen til tilbud sendt', /ikke finde/)
        await page.goto(`${world.product.address}/contacts?q=havneby`)
        await page.getByText('Ingen kontakter passer').waitFor()
        const call = await signIn(world.product.address, 'sofie@fjordit.example')
        for (const resource of ['contacts', 'companies', 'deals'])
          expect(await call('GET', `/crm/${resource}?q=havneby`)).toMatchObject({ items: [] })
      })
    })

    test('keeps a message that could not be sent, through a change of page, and sends it once', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        const field = page.getByRole('textbox', { name: 'Besked' })
        // A page that was never open cannot be fetched without a network either.
        await page.getByRole('link', { name: 'Kontakter' }).first().click()
        await page.getByRole('heading', { name: 'Kontakter' }).waitFor()
        await page.getByRole('link', { name: 'Chat' }).first().click()
        await page.context().setOffline(true)
        await field.fill('vis mine opgaver')
        await field.press('Enter')
        await page.getByRole('alert').getByText('ingen forbindelse').waitFor()
        await page.getByRole('link', { name: 'Kontakter' }).first().click()
        await page.getByRole('heading', { name: 'Kontakter' }).waitFor()
        await page.getByRole('link', { name: 'Chat' }).first().click()
        await expect.poll(() => field.inputValue()).toBe('vis mine opgaver')

        await field.press('Enter')
        await page.getByRole('button', { name: 'Prøv igen' }).waitFor()
        await page.context().setOffline(false)
        await page.getByRole('button', { name: 'Prøv igen' }).click()
        await page.locator('article').getByText('crm.tasks.list').first().waitFor()
        await page.waitForURL('**/?c=*')
        await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' })
        await page.reload()
        await page.locator('article').getByText('crm.tasks.list').first().waitFor()
        expect(await page.locator('article').count()).toBe(1)
        await expect.poll(() => field.inputValue()).toBe('')
      })
    })

    test('deletes nothing before a person has said yes on the card, and tells how it went', async () => {
      const call = await signIn(world.product.address)
      for (const name of ['Nejla Bevaring', 'Jarl Forsvind']) await call('POST', '/crm/contacts', { name })
      const left = async (q: string): Promise<number> => {
        const page = (await call('GET', `/crm/contacts?q=${encodeURIComponent(q)}`)) as { items: object[] }
        return page.items.length
      }
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await say(page, 'slet Nejla Bevaring', /Slet en kontakt/)
        await page.getByRole('button', { name: 'Nej', exact: true }).click()
        await page.getByText('Mikkel Brandt sagde nej').filter({ visible: true }).first().waitFor()
        expect(await left('Nejla Bevaring')).toBe(1)

        await say(page, 'slet Jarl Forsvind', /Slet en kontakt/)
        expect(await left('Jarl Forsvind')).toBe(1)
        await page.getByRole('button', { name: 'Ja, gør det' }).click()
        await page.getByText('Gjort', { exact: true }).waitFor()
        await expect.poll(() => left('Jarl Forsvind')).toBe(0)
      })
    })

    test('keeps what is sent while the conversation is being read again', async () => {
      const call = await signIn(world.product.address)
      await call('POST', '/crm/contacts', { name: 'Vilja Ventesen' })
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await say(page, 'slet Vilja Ventesen', /Slet en kontakt/)
        let release = () => {}
        const held = new Promise<void>((resolve) => (release = resolve))
        const asked = page.waitForRequest('**/platform/messages?*')
        await page.route('**/platform/messages?*', async (route) => {
          const response = await route.fetch()
          await held
          await route.fulfill({ response })
        })
        await page.getByRole('button', { name: 'Nej', exact: true }).click()
        await asked
        await say(page, 'vis mine opgaver', /opgave/)
        const read = page.waitForResponse('**/platform/messages?*')
        release()
        await (await read).finished()
        await settled(page)
        const said = page.locator('article')
        await expect.poll(() => said.first().innerText()).toMatch(/Mikkel Brandt sagde nej/)
        expect(await said.count()).toBe(2)
        expect(await said.nth(1).innerText()).toMatch(/vis mine opgaver/)
      })
    })

    test('keeps what is written while the first answer comes, however fast it comes', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.route('**/chat/messages', async (route) => {
          const response = await route.fetch()
          await page.getByRole('textbox', { name: 'Besked' }).fill('og hvad så')
          await route.fulfill({ response })
        })
        await say(page, 'vis mine opgaver', /opgave/)
        expect(await page.getByRole('textbox', { name: 'Besked' }).inputValue()).toBe('og hvad så')
        await page.waitForURL('**/?c=*')
        await page.reload()
        expect(await page.getByRole('textbox', { name: 'Besked' }).inputValue()).toBe('og hvad så')
      })
    })

    test('shows on the card what was settled elsewhere, and a link leads to the one question', async () => {
      const call = await signIn(world.product.address)
      await call('POST', '/crm/contacts', { name: 'Ravn Andetsteds' })
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await say(page, 'slet Ravn Andetsteds', /Slet en kontakt/)
        await page.getByText('Venter på dit svar').waitFor()
        const { items } = (await call('GET', '/platform/approvals?status=pending')) as { items: { id: string; summary: string }[] } // prettier-ignore
        const { id } = items.find(({ summary }) => summary.includes('Ravn Andetsteds'))!
        await withPage(world, async (elsewhere) => {
          await enter(elsewhere, world, mikkel)
          await elsewhere.goto(`${world.product.address}/approvals?id=${id}`)
          await elsewhere.locator('li:focus').getByText('Ravn Andetsteds').first().waitFor()
          const card = elsewhere.getByRole('listitem').filter({ hasText: 'Ravn Andetsteds' })
          await card.getByRole('button', { name: 'Nej', exact: true }).click()
          await card.getByText('Sagt nej til').waitFor()
          await elsewhere.goto(`${world.product.address}/approvals?id=00000000-0000-7000-8000-000000000000`)
          await elsewhere.getByRole('alert').waitFor()
        })
        await page.evaluate(`dispatchEvent(new Event('focus'))`)
        await page.locator('article').getByText('Sagt nej til').waitFor()
      })
    })

    test('puts a suggestion in the field, takes a new line with Shift+Enter, and shows what a call was given', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        const field = page.getByRole('textbox', { name: 'Besked' })
        const suggestion = page.getByRole('list', { name: 'Forslag' }).getByRole('button').first()
        const text = await suggestion.innerText()
        await suggestion.click()
        await expect.poll(() => field.inputValue()).toBe(text)
        await expect.poll(() => field.evaluate((element) => element.matches(':focus'))).toBe(true)

        await field.fill('vis åbne aftaler')
        await field.press('Shift+Enter')
        expect(await field.inputValue()).toBe('vis åbne aftaler\n')
        expect(await page.locator('article').count()).toBe(0)
        await field.press('Enter')
        await page.locator('article summary').click()
        await page.locator('article pre').first().getByText('"open"').waitFor()
      })
    })

    test('lets a wide table scroll in its own box on a phone, and never the page', async () => {
      await withPage(
        world,
        async (page) => {
          await enter(page, world, mikkel)
          await say(page, 'vis åbne aftaler', /kr\./)
          const [box, lines] = await page
            .locator('article [role=group]')
            .evaluate((element) => [
              element.scrollWidth - element.clientWidth,
              Math.max(
                ...Array.from(
                  element.querySelectorAll('td > div'),
                  (cell: { clientHeight: number }) => cell.clientHeight / 20,
                ),
              ),
            ])
          expect(box, 'the table scrolls').toBeGreaterThan(100)
          expect(lines, 'lines in the tallest cell').toBeLessThanOrEqual(2)
          const overflow = await page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          )
          expect(overflow, 'the page does not').toBeLessThanOrEqual(0)
        },
        { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
      )
    })

    test('shows a long answer from its question on', async () => {
      await withPage(
        world,
        async (page) => {
          await enter(page, world, mikkel)
          await say(page, 'vis åbne aftaler', /kr\./)
          await say(page, 'vis alle kunder', /crm\.companies\.list/)
          const question = page.locator('article').last().getByText('vis alle kunder')
          await expect.poll(async () => (await question.boundingBox())!.y).toBeLessThan(160)
          expect((await question.boundingBox())!.y).toBeGreaterThan(40)
        },
        { viewport: { width: 1280, height: 560 } },
      )
    })
  })
}
