import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { signIn } from '../process.ts'
import { rows, type Call, type Row } from '../visitor.ts'
import { expectAccessible } from './accessible.ts'
import { enter, withPage, type BrowserWorld } from './world.ts'

const [anna, mikkel] = ['anna@nordlys.example', 'mikkel@nordlys.example']
/** Milliseconds, also before the first test. */
const patiently = { timeout: 120_000, interval: 100 }
const automation = {
  name: 'Skriv til mig om en time',
  event: 'leads.leads.created',
  conditions: { match: 'all', of: [] },
  operation: 'leads.sources.create',
  input: { name: 'Kilde fra {{payload.name}}' },
  delayMinutes: 60,
}

/** An automation that has something to do in an hour, so that there is a job that waits. */
async function makeWaitingJob(address: string): Promise<void> {
  const call = await signIn(address, anna)
  const { id } = (await call('POST', '/platform/automations', automation)) as { id: string }
  const { hash } = (await call('GET', `/platform/automations/${id}`)) as { hash: string }
  await call('POST', `/platform/automations/${id}/approve`, { hash, accept: [] })
  await leadThatWaits(call, 'Jobbe Jensen', 'jobbe@havneby.example')
}

/** Makes a lead, and waits until what follows on it is done and what the automation does of it waits. */
async function leadThatWaits(call: Call, name: string, email: string): Promise<void> {
  const waiting = async () =>
    (await rows(call, '/platform/jobs?status=waiting&name=platform.automations.follow')).map(({ id }) => id)
  const before = await waiting()
  const { id } = (await call('POST', '/leads/leads', { name, email })) as Row
  const hasOneMore = async () => (await waiting()).filter((job) => !before.includes(job)).length === 1
  const isLinked = async () =>
    ((await call('GET', `/leads/leads/${id}`)) as Row)['contactId'] !== null &&
    (await rows(call, `/crm/tasks?q=${encodeURIComponent(name)}`)).length === 1
  for (const holds of [hasOneMore, isLinked])
    await vi.waitFor(async () => expect(await holds()).toBe(true), patiently)
}

export function describeJobs(world: BrowserWorld): void {
  const open = async (page: Page, query = '') => {
    await page.goto(`${world.product.address}/settings/jobs${query}`)
    await page.getByRole('heading', { name: 'Baggrundsjob' }).waitFor()
  }

  describe('background jobs', () => {
    beforeAll(() => makeWaitingJob(world.product.address))

    test('an owner sees what waits appear by itself, cancels it, and has it tried again', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await open(page, '?status=waiting&name=platform.automations.follow')
        await page.getByRole('link', { name: 'Det, en automatisering gør' }).click()
        await page.getByRole('heading', { name: 'Opret en leadkilde Venter' }).waitFor()
        await page.getByText(automation.name).waitFor()
        await page.getByText('Næste forsøg').waitFor()
        await expectAccessible(page, 'a job')
        await page.getByRole('button', { name: 'Annuller' }).click()
        await page.getByText('Annulleret', { exact: true }).waitFor()
        await page.getByRole('button', { name: 'Prøv igen' }).click()
        await page.getByRole('button', { name: 'Prøv igen' }).waitFor({ state: 'hidden' })
      })
    })

    test('what follows on an event is shown with names, not ids, and where its states are counted', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await open(page)
        const states = page.getByRole('navigation', { name: 'Vis job efter status' })
        await states.getByRole('link', { name: /^Færdig/ }).click()
        await page.getByRole('listitem').filter({ hasText: 'Følger på en hændelse' }).getByRole('link').first().click() // prettier-ignore
        await page.getByRole('heading', { name: 'Det gøres med' }).waitFor()
        await page.locator('dd', { hasText: 'Jobbe Jensen' }).first().waitFor()
      })
    })

    test('all that wait of one kind are cancelled after a yes', async () => {
      const call = await signIn(world.product.address, anna)
      await leadThatWaits(call, 'Vente Vang', 'vente@havneby.example')
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await open(page)
        await page.getByLabel('Slags job').selectOption({ label: 'Det, en automatisering gør' })
        await page.getByRole('button', { name: 'Annuller alle, der venter' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('button', { name: 'Annuller alle, der venter' }).click()
        await dialog.waitFor({ state: 'hidden' })
        await page.getByRole('navigation', { name: 'Vis job efter status' }).getByRole('link', { name: /^Venter/ }).click() // prettier-ignore
        await page.getByText('Ingen job passer').waitFor()
      })
    })

    test('an employee is not shown the way there, and sees only what they asked for', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await open(page)
        await page.getByText('Ingen job endnu').waitFor()
        expect(await page.getByRole('link', { name: 'Baggrundsjob' }).count()).toBe(0)
      })
    })
  })
}
