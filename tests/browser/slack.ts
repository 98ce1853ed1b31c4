import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startFakeSlack, unhurried, type FakeSlack } from '../../channels/slack/fake/index.ts'
import { signIn } from '../process.ts'
import { expectAccessible } from './accessible.ts'
import { enter, settled, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'

/** Its settings go to the product before that starts; where the product is, it is told in the first test. */
export const startSlack = (): Promise<FakeSlack> => startFakeSlack({ patience: unhurried })

/** One story: what a test brings about is there for the next one. */
export function describeSlack(world: BrowserWorld): void {
  const at = (path: string): string => world.product.address + path
  /** Anna's Slack, in a channel or in the app's conversation with her. */
  const openSlack = async (page: Page, place: string): Promise<void> => {
    await page.goto(`${world.slack.url}/#as=anna&pane=channel`)
    await page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: place }).click()
    await page.getByRole('heading', { name: place }).waitFor()
  }
  const write = async (page: Page, text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text)
    await page.keyboard.press('Enter')
  }
  /** The thread of what was said in the channel, once it was answered. */
  const openThread = async (page: Page, text: string): Promise<Locator> => {
    const said = page.getByRole('main').locator('.message', { hasText: text })
    await said.getByRole('button', { name: /repl(y|ies)/ }).click()
    return page.getByRole('complementary', { name: 'Thread' })
  }

  describe('Slack', () => {
    test('an admin connects the workspace, and says who they are there', async () => {
      const { slack } = world
      slack.app.redirectUrls = [at('/slack/oauth_redirect')]
      await slack.connect(at('/slack/events'))
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(at('/settings/slack'))
        await page.getByText('Slack er ikke forbundet').waitFor()
        await page.getByRole('link', { name: 'Forbind workspace' }).click()
        await page.getByRole('combobox').selectOption({ label: 'Anna Nordlys (Nordlys)' })
        await page.getByRole('button', { name: 'Allow' }).click()
        await page.getByRole('heading', { name: 'Slack er forbundet' }).waitFor()
        await page.goto(at('/settings/slack/workspaces'))
        const workspaces = page.getByRole('list', { name: 'Workspaces' })
        await workspaces.getByText('Forbundet', { exact: true }).waitFor()

        await openSlack(page, 'tekup')
        await write(page, 'hej')
        const link = page.getByRole('link', { name: 'sig, at det er dig' })
        await page.goto((await link.getAttribute('href'))!)
        const yes = page.getByRole('button', { name: 'Ja, det er mig' })
        await yes.waitFor()
        await expectAccessible(page, 'the page of a one-time link')
        await yes.click()
        await page.getByText('Så ved jeg, hvem du er').waitFor()
        await page.goto(at('/settings/slack/people'))
        const people = page.getByRole('list', { name: 'Personer' })
        await people.getByText('Forbundet', { exact: true }).waitFor()
      })
    })

    test('an employee mentions the agent in a channel, and the answer comes as a stream in the thread', async () => {
      world.slack.invite('general')
      await withPage(world, async (page) => {
        await openSlack(page, 'general')
        await write(page, '@tekup vis åbne aftaler')
        const thread = await openThread(page, 'vis åbne aftaler')
        await thread.getByText(/kr\./).first().waitFor()
        await expect.poll(() => world.slack.messages('general').at(-1)?.stream?.state).toBe('completed')
      })
    })

    test('what the agent asks there is settled with a button, and the web chat and the dashboard show it', async () => {
      const call = await signIn(world.product.address, anna)
      await call('POST', '/crm/contacts', { name: 'Ravn Slettesen' })
      await withPage(world, async (slack) => {
        await openSlack(slack, 'general')
        await write(slack, '@tekup slet Ravn Slettesen')
        const thread = await openThread(slack, 'slet Ravn Slettesen')
        const approve = thread.getByRole('button', { name: 'Godkend', exact: true })
        await approve.waitFor()
        await withPage(world, async (page) => {
          await enter(page, world, anna)
          const talks = page.getByRole('navigation', { name: 'Samtaler' })
          await talks.getByRole('link', { name: 'slet Ravn Slettesen' }).click()
          const chat = page.locator('article')
          await chat.getByText('Venter på dit svar').waitFor()

          slack.once('dialog', (dialog) => void dialog.accept())
          await approve.click()
          await thread.getByText('✅ Godkendt af Anna Nordlys.').waitFor()
          expect(await approve.count()).toBe(0)
          await page.evaluate(`dispatchEvent(new Event('focus'))`)
          await chat.getByText('Gjort', { exact: true }).waitFor()
          await page.goto(at('/approvals'))
          const decided = page.getByRole('region', { name: 'Afgjort' }).getByRole('listitem')
          await decided.filter({ hasText: 'Slettede Ravn Slettesen.' }).getByText('Anna Nordlys').waitFor()
        })
      })
      expect(await call('GET', '/crm/contacts?q=slettesen')).toMatchObject({ items: [] })
    })

    test('an admin chooses who approves in a channel, and sees where each value comes from', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(at('/settings/slack/channels'))
        await page.getByRole('button', { name: 'Ret general' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('Svarer på').selectOption({ label: 'Alle beskeder' })
        await dialog.getByLabel('Godkender', { exact: true }).selectOption({ label: 'Kun bestemte kolleger' })
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await dialog.getByRole('alert').getByText('Vælg mindst én kollega.').waitFor()
        await dialog.getByLabel('Mikkel Brandt').check()
        await expectAccessible(page, 'the settings of a channel')
        await dialog.getByRole('button', { name: 'Gem' }).click()
        await dialog.waitFor({ state: 'hidden' })
        await settled(page)
        const channels = page.getByRole('list', { name: 'Kanaler' }).getByRole('listitem')
        const general = channels.filter({ has: page.getByText('general', { exact: true }) })
        await general.getByText('Mikkel Brandt').waitFor()
        expect(await general.getByText('Valgt her').count()).toBe(2)
        expect(await general.getByText('Som normalt').count()).toBe(1)
      })
    })
  })
}
