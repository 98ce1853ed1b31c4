import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { settledTurn } from '../settledTurn.ts'
import { formKey, rows } from '../visitor.ts'
import { expectAccessibleInBothColours } from './accessible.ts'
import { enter, say, settled, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
/** What begins in light on the one begins in dark on the other. */
const screens: [string, BrowserContextOptions][] = [
  ['on a desk', { colorScheme: 'light' }],
  ['on a phone', { ...phone, colorScheme: 'dark' }],
]

export function describePages(world: BrowserWorld): void {
  const recordPage = async (resource: 'contacts' | 'companies', q: string): Promise<string> => {
    const call = await signIn(world.product.address)
    return `/${resource}/${(await rows(call, `/crm/${resource}?q=${encodeURIComponent(q)}`))[0]!.id}`
  }
  /** Of a turn of its own. */
  const tracePage = async (): Promise<string> => {
    const call = await signIn(world.product.address, anna)
    return `/settings/traces/${(await settledTurn(call, 'vis åbne aftaler')).id}`
  }
  const formPage = async (): Promise<string> => {
    const call = await signIn(world.product.address, anna)
    await formKey(call)
    return `/settings/leads/forms/${(await rows(call, '/leads/forms?limit=1'))[0]!.id}`
  }
  const addresses = async (): Promise<string[]> => [
    '/',
    '/contacts',
    '/contacts?q=zzzzzz',
    await recordPage('contacts', 'Sofie Lund'),
    '/contacts/00000000-0000-7000-8000-000000000000',
    '/companies',
    await recordPage('companies', 'Havneby'),
    '/leads',
    '/leads?q=zzzzzz',
    '/leads/00000000-0000-7000-8000-000000000000',
    '/approvals',
    '/settings/people',
    '/settings/parts',
    '/settings/automations',
    '/settings/agents',
    '/settings/agents/new',
    '/settings/models',
    '/settings/usage',
    '/settings/usage?by=person',
    '/settings/usage?month=2025-01',
    '/settings/learning',
    '/settings/traces',
    '/settings/traces?status=failed',
    await tracePage(),
    '/settings/traces/00000000-0000-7000-8000-000000000000',
    '/settings/leads/forms',
    await formPage(),
    '/settings/leads/forms/00000000-0000-7000-8000-000000000000',
    '/settings/leads/quarantine',
    '/settings/leads/scoring',
    '/settings/leads/assignment',
    '/settings/leads/sources',
    '/settings/slack/workspaces',
    '/settings/slack/channels',
    '/settings/slack/people',
    '/settings/jobs',
    '/settings/jobs?status=failed',
    '/settings/jobs/00000000-0000-7000-8000-000000000000',
    '/settings/programs',
    '/settings/servers',
    '/settings/sessions',
    '/nowhere',
  ]
  /** Opens each dialog and menu there is, one after the other. */
  const layers: [string, string, (page: Page) => Promise<void>][] = [
    ['a new contact', '/contacts', (page) => page.getByRole('button', { name: 'Ny kontakt' }).click()],
    ['a new company', '/companies', (page) => page.getByRole('button', { name: 'Nyt firma' }).click()],
    ['a new lead', '/leads', (page) => page.getByRole('button', { name: 'Nyt lead' }).click()],
    ['an invitation', '/settings/people', (page) => page.getByRole('button', { name: 'Invitér' }).click()],
    [
      'what stops with a part',
      '/settings/parts',
      (page) => page.getByRole('button', { name: /^Slå Kunder og salg fra/ }).click(),
    ],
    ['a new model', '/settings/models', (page) => page.getByRole('button', { name: 'Tilføj model' }).click()],
    ['a new form', '/settings/leads/forms', (page) => page.getByRole('button', { name: 'Ny formular' }).click()], // prettier-ignore
    ['a new scoring rule', '/settings/leads/scoring', (page) => page.getByRole('button', { name: 'Ny regel' }).click()], // prettier-ignore
    ['a new assignment rule', '/settings/leads/assignment', (page) => page.getByRole('button', { name: 'Ny regel' }).click()], // prettier-ignore
    ['a new budget', '/settings/usage', (page) => page.getByRole('button', { name: 'Nyt budget' }).click()],
    ['an own Slack app', '/settings/slack/workspaces', (page) => page.getByRole('button', { name: 'Tilføj egen app' }).click()], // prettier-ignore
    ['the command palette', '/settings/sessions', (page) => page.keyboard.press('Control+k')],
    ['the person’s menu', '/settings/sessions', (page) => page.getByRole('button', { name: /^(Din menu|Mere)/ }).filter({ visible: true }).click()], // prettier-ignore
  ]

  const lookAtEveryPage = async (page: Page): Promise<void> => {
    await page.goto(`${world.product.address}/login`)
    await expectAccessibleInBothColours(page, '/login')
    await page.goto(`${world.product.address}/invitation#inv_made-up`)
    await expectAccessibleInBothColours(page, '/invitation')
    await enter(page, world, anna)
    await say(page, 'vis åbne aftaler', /kr\./)
    await page.locator('article summary').first().click()
    await expectAccessibleInBothColours(page, 'a conversation')
    for (const address of await addresses()) {
      await page.goto(world.product.address + address)
      await expectAccessibleInBothColours(page, address)
    }
    for (const [what, address, open] of layers) {
      await page.goto(world.product.address + address)
      await settled(page)
      await open(page)
      await page.locator('[role=dialog], [role=menu]').waitFor()
      await expectAccessibleInBothColours(page, what)
    }
  }

  describe('every page', { timeout: 600_000 }, () => {
    test.each(screens)(
      'is accessible in light and dark, fits the screen and reports no error, %s',
      async (_, options) => {
        await withPage(world, lookAtEveryPage, options)
      },
    )

    test('speaks English as well, with its language named', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.evaluate(`localStorage.setItem('tekup-locale', 'en')`)
        for (const address of await addresses()) {
          await page.goto(world.product.address + address)
          await settled(page)
          expect(await page.locator('html').getAttribute('lang')).toBe('en')
          expect(await page.locator('body').innerText(), address).not.toMatch(/[æøå]ng|Søg|Kontakter|Firmaer/)
        }
      })
    })

    test('asks for at most 150 KiB of JavaScript, compressed, before anyone has touched it', async () => {
      await withPage(world, async (page) => {
        const asked = new Set<string>()
        // What the browser still has from another address is asked for as well, and counts.
        page.on('request', (request) => {
          const { pathname } = new URL(request.url())
          if (pathname.endsWith('.js')) asked.add(pathname)
        })
        const weigh = async (address: string): Promise<void> => {
          asked.clear()
          await page.goto(world.product.address + address)
          await settled(page)
          const sizes = await Promise.all([...asked].map(compressedSize))
          const kibibytes = sizes.reduce((sum, size) => sum + size, 0) / 1024
          expect(kibibytes, address).toBeGreaterThan(30)
          expect(kibibytes, address).toBeLessThanOrEqual(150)
        }
        await weigh('/login')
        await enter(page, world, anna)
        for (const address of await addresses()) await weigh(address)
      })
    })
  })
}

const compressedSize = async (path: string): Promise<number> =>
  (await readFile(fileURLToPath(new URL(`../../web/build${path}.gz`, import.meta.url)))).length
