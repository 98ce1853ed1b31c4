import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signIn } from '../process.ts'
import { formKey, rows } from '../visitor.ts'
import { expectAccessible } from './accessible.ts'
import { enter, say, settled, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
const screens: [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['on a phone, light', { ...phone, colorScheme: 'light' }],
  ['on a phone, dark', { ...phone, colorScheme: 'dark' }],
]

export function describePages(world: BrowserWorld): void {
  const recordPage = async (resource: 'contacts' | 'companies', q: string): Promise<string> => {
    const call = await signIn(world.product.address)
    return `/${resource}/${(await rows(call, `/crm/${resource}?q=${encodeURIComponent(q)}`))[0]!.id}`
  }
  /** Of a turn of its own. */
  const tracePage = async (): Promise<string> => {
    const call = await signIn(world.product.address, anna)
    await call('POST', '/chat/messages', { text: 'vis åbne aftaler' })
    const traces = () => rows(call, '/agents/traces?limit=1')
    await expect.poll(async () => (await traces()).length).toBe(1)
    return `/settings/traces/${(await traces())[0]!.id}`
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

  describe('every page', { timeout: 300_000 }, () => {
    test.each(screens)('is accessible, fits the screen and reports no error, %s', async (_, options) => {
      await withPage(
        world,
        async (page) => {
          await page.goto(`${world.product.address}/login`)
          await expectAccessible(page, '/login')
          await page.goto(`${world.product.address}/invitation#inv_made-up`)
          await expectAccessible(page, '/invitation')
          await enter(page, world, anna)
          await say(page, 'vis åbne aftaler', /kr\./)
          await page.locator('article summary').first().click()
          await expectAccessible(page, 'a conversation')
          for (const address of await addresses()) {
            await page.goto(world.product.address + address)
            await expectAccessible(page, address)
          }
          for (const [what, address, open] of layers) {
            await page.goto(world.product.address + address)
            await settled(page)
            await open(page)
            await page.locator('[role=dialog], [role=menu]').waitFor()
            await expectAccessible(page, what)
          }
        },
        options,
      )
    })

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
        const fetched = new Set<string>()
        // A page whose requests are looked at is given nothing from the browser's memory.
        await page.route('**/*.js', async (route) => {
          fetched.add(new URL(route.request().url()).pathname)
          await route.continue()
        })
        const weigh = async (address: string): Promise<void> => {
          fetched.clear()
          await page.goto(world.product.address + address)
          await settled(page)
          const sizes = await Promise.all([...fetched].map(compressedSize))
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
