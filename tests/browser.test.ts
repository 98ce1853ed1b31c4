import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword, signIn, startProduct, type Product } from './process.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] // prettier-ignore
if (!executablePath)
  process.stderr.write('Skipped: the page in a real browser, because Chromium is not installed.\n')

describe.skipIf(!executablePath)('the page in a real browser', { timeout: 180_000 }, () => {
  let folder: string
  let product: Product
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tekup-browser-'))
    product = await startProduct({ DATA_DIR: folder })
    browser = await chromium.launch({ executablePath: executablePath!, args: flags })
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({
      locale: 'da-DK',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    return page
  }
  const enter = async (page: Page, email: string): Promise<void> => {
    await page.goto(product.address)
    await page.waitForURL('**/login**')
    await page.getByLabel('E-mail').fill(email)
    await page.locator('input[type=password]').fill(demoPassword)
    await page.keyboard.press('Enter')
    await page.waitForSelector('textarea')
  }
  /** Says something and waits for an answer that reads as expected. */
  const say = async (page: Page, text: string, expected: RegExp): Promise<void> => {
    const turns = page.locator('article')
    const before = await turns.count()
    await page.locator('textarea').fill(text)
    await page.keyboard.press('Enter')
    await expect.poll(() => turns.count(), { timeout: 20_000 }).toBe(before + 1)
    await expect.poll(() => turns.nth(before).innerText(), { timeout: 20_000 }).toMatch(expected)
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' })
  }

  test('an employee asks, makes a contact and moves a deal, in Danish and then in English', async () => {
    const page = await open()
    await enter(page, 'mikkel@nordlys.example')
    const call = await signIn(product.address)

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

    await page.goto(`${product.address}/contacts?q=bente%20skov`)
    await page.getByRole('link', { name: 'Bente Skov' }).first().click()
    await page.waitForURL('**/contacts/*-*')
    await page.locator('main').getByText('bente@havneby.example').first().waitFor()
    await page.context().close()
  })

  test('the other company sees none of it, by any way in', async () => {
    const page = await open()
    await enter(page, 'sofie@fjordit.example')
    await say(page, 'flyt Havneby-aftalen til tilbud sendt', /ikke finde/)
    await page.goto(`${product.address}/contacts?q=havneby`)
    await page.locator('main').waitFor()
    await page.waitForTimeout(800)
    expect(await page.locator('main').innerText()).not.toContain('Havneby Tandklinik')
    const call = await signIn(product.address, 'sofie@fjordit.example')
    for (const resource of ['contacts', 'companies', 'deals']) {
      expect(await call('GET', `/crm/${resource}?q=havneby`)).toMatchObject({ items: [] })
    }
    await page.context().close()
  })

  test('no token is within reach of a script on the page', async () => {
    const page = await open()
    await enter(page, 'mikkel@nordlys.example')
    const reachable = await page.evaluate<string>(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    )
    expect(reachable).not.toMatch(/eyJ|tekup_access|tekup_refresh/)
    const cookies = (await page.context().cookies()).filter(({ name }) => name.startsWith('tekup_'))
    expect(cookies.length).toBeGreaterThan(0)
    expect(cookies.every(({ httpOnly }) => httpOnly)).toBe(true)
    await page.context().close()
  })

  test('a page of another origin can do nothing with the browser’s sign-in', async () => {
    const page = await open()
    await enter(page, 'mikkel@nordlys.example')
    const forged = await page.request.post(`${product.address}/api/v1/crm/contacts`, {
      data: { name: 'Forged' },
      headers: { origin: 'https://elsewhere.example' },
    })
    expect([forged.status(), (await forged.json()).error.code]).toEqual([403, 'csrf'])
    await page.context().close()
  })

  test('the policy of the page is broken by nothing that it does', async () => {
    const page = await open()
    const broken: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) broken.push(message.text())
    })
    await enter(page, 'mikkel@nordlys.example')
    await page.goto(`${product.address}/contacts`)
    await page.locator('main').waitFor()
    await page.waitForTimeout(800)
    expect(broken).toEqual([])
    await page.context().close()
  })

  describe.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
  ])('%s', (_, options) => {
    test('every page is accessible and fits the screen', async () => {
      const page = await open(options)
      await page.goto(`${product.address}/login`)
      await page.waitForSelector('input[type=password]')
      await expectAccessible(page)
      await enter(page, 'mikkel@nordlys.example')
      for (const path of ['/', '/contacts', '/settings/sessions']) {
        await page.goto(product.address + path)
        await page.locator('main').waitFor()
        await page.waitForTimeout(800)
        await expectAccessible(page)
      }
      await page.context().close()
    })
  })
})

async function expectAccessible(page: Page): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  expect(violations.map(({ id, nodes }) => [page.url(), id, nodes[0]?.html])).toEqual([])
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
}
