import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Product } from '../process.ts'
import { rows, type Call } from '../visitor.ts'
import { enter, withPage } from './world.ts'

/** Milliseconds for one step, on a machine that runs every other test, with work that a killed worker has left behind. */
const patiently = { timeout: 300_000, interval: 100 }

/** What a page reports while the process that it speaks with is killed and started again. */
const outage = /^(Failed to load resource: |WebSocket connection to )/

/** How many contacts the CRM has of this name. */
export const contactsOf = async (call: Call, name: string): Promise<number> =>
  (await rows(call, `/crm/contacts?q=${encodeURIComponent(name)}`)).length

/** Somebody who is signed in and looks at the list of leads, which is never loaded anew from then on. */
export interface Watcher {
  readonly page: Page
  /** Waits until the list shows the lead, once. */
  sees(name: string): Promise<void>
  opens(name: string): Promise<void>
  /** Waits until the lead's page shows these steps and no others, the latest first, and the call that is to be made. */
  seesItsEnd(name: string, steps: readonly string[]): Promise<void>
  /** The contact's own page shows the call that is to be made, once. */
  findsTheCall(name: string): Promise<void>
  goesBack(): Promise<void>
}

/** Two people beside each other, each in a browser profile of their own, at a process of their own or at the same. */
export async function withWatchers(
  browser: Browser,
  places: readonly [Product, Product],
  people: readonly [string, string],
  work: (first: Watcher, second: Watcher) => Promise<void>,
): Promise<void> {
  const at = (place: 0 | 1, use: (watcher: Watcher) => Promise<void>) =>
    withPage(
      { browser },
      async (page) => {
        await enter(page, { product: places[place] }, people[place])
        await page.getByRole('link', { name: 'Leads' }).first().click()
        await page.getByRole('heading', { name: 'Leads', exact: true }).waitFor()
        await page.evaluate('window.neverReloaded = true')
        await use(watcherOf(page))
        expect(await page.evaluate('window.neverReloaded'), 'the page is the one that was opened').toBe(true)
      },
      {},
      outage,
    )
  await at(0, (first) => at(1, (second) => work(first, second)))
}

function watcherOf(page: Page): Watcher {
  const leads = (name: string) => page.getByRole('list', { name: 'Liste over leads' }).getByText(name, { exact: true }) // prettier-ignore
  const steps = () => page.getByRole('region', { name: 'Forløb' }).getByRole('listitem').locator('p:first-child > span').allInnerTexts() // prettier-ignore
  const calls = (name: string) => page.getByRole('region', { name: 'Opgaver' }).getByText(`Ring til ${name}`, { exact: true }) // prettier-ignore
  const once = async (count: () => Promise<number>) => {
    await expect.poll(count, patiently).toBe(1)
  }
  return {
    page,
    sees: (name) => once(() => leads(name).count()),
    opens: async (name) => {
      await leads(name).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    },
    seesItsEnd: async (name, expected) => {
      await expect.poll(steps, patiently).toEqual(expected)
      await once(() => calls(name).count())
    },
    findsTheCall: async (name) => {
      await page.getByRole('link', { name: 'Åbn kontakten' }).click()
      await page.getByRole('link', { name: 'Alle kontakter' }).waitFor()
      await once(() => calls(name).count())
      await page.goBack()
      await page.getByRole('link', { name: 'Alle leads' }).waitFor()
    },
    goesBack: () => page.getByRole('link', { name: 'Alle leads' }).click(),
  }
}
