import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { OutsideWorld } from '../../agents/testing/outsideServer.ts'
import type { FakeSlack } from '../../channels/slack/fake/index.ts'
import { demoPassword, type Product } from '../process.ts'

/** Where Debian and others put a Chromium; undefined when there is none. */
export const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) // prettier-ignore
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] // prettier-ignore

/** Milliseconds for one step: a machine that does much else at the same time is slow, not wrong. */
const patience = 120_000

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath!, args: flags, timeout: patience })

/** A product and a real browser in front of it, once `beforeAll` has run. */
export interface BrowserWorld {
  product: Product
  browser: Browser
  /** Somebody else's MCP server, which the product may reach. */
  outside: OutsideWorld
  /** A Slack of its own, which the product has the settings of. */
  slack: FakeSlack
}

/** What a test brings about itself: Chromium reports each refused request in the console, and each one without a network. */
const refusal = /^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)/ // prettier-ignore

/**
 * Opens a page in a browser profile of its own, hands it over and closes it again. Whatever the page reports as an
 * error meanwhile fails the test, what its own policy refuses included; refusals of the server are no errors of the
 * page's, and are left out.
 */
export async function withPage(
  { browser }: Pick<BrowserWorld, 'browser'>,
  work: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
  excused = refusal,
): Promise<void> {
  const context = await browser.newContext({
    locale: 'da-DK',
    viewport: { width: 1280, height: 800 },
    ...options,
  })
  const errors: string[] = []
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  page.on('pageerror', ({ message }) => errors.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !excused.test(message.text())) errors.push(message.text())
  })
  try {
    await work(page)
    expect(errors).toEqual([])
  } finally {
    await context.close()
  }
}

/** Signs in by the page, as a person does. */
export async function enter(
  page: Page,
  { product }: Pick<BrowserWorld, 'product'>,
  email: string,
): Promise<void> {
  await page.goto(`${product.address}/login`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Adgangskode', { exact: true }).fill(demoPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Besked' }).waitFor()
}

/** Says something and waits for an answer that reads as expected. */
export async function say(page: Page, text: string, expected: RegExp): Promise<void> {
  const turns = page.locator('article')
  const before = await turns.count()
  await page.getByRole('textbox', { name: 'Besked' }).fill(text)
  await page.keyboard.press('Enter')
  await expect.poll(() => turns.count()).toBe(before + 1)
  await expect.poll(() => turns.nth(before).innerText()).toMatch(expected)
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' })
}

/** Resolves when nothing on the page says that it is still being fetched. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
}
