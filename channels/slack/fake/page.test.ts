import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestWorld, type TestWorld } from './testWorld.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
let browser: Browser
let world: TestWorld
let page: Page
const faults: string[] = []

/** The page as a person sees it, in a channel of its own address. */
async function open(
  options: Parameters<Browser['newContext']>[0] = {},
  channel = world.general,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const opened = await context.newPage()
  opened.on('pageerror', (error) => faults.push(error.message))
  await opened.goto(`${world.slack.url}/#as=anna&channel=${channel}&pane=channel`)
  await opened.waitForSelector('body[data-ready]')
  return opened
}

const said = (text: string) => page.locator('.message', { hasText: text })
const plain = (text: string) => ({ type: 'plain_text' as const, text })

async function write(text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text)
  await page.keyboard.press('Enter')
}

describe.skipIf(!executablePath)('the page of the fake Slack', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
    world = await startTestWorld({ limits: false })
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })
  beforeEach(async () => void (page = await open()))
  afterEach(async () => {
    await page.context().close()
    if (faults.length > 0) throw new Error(faults.splice(0).join('\n'))
  })

  test('sends what a person writes, with mentions as Slack has them, and shows the answer in its thread', async () => {
    await write('@TekUp hvem er <b>Havneby</b>?')
    await said('hvem er <b>Havneby</b>?').waitFor()
    const question = world.slack.messages('general').at(-1)!
    expect(question.text).toMatch(/^<@U\w+> hvem er &lt;b&gt;Havneby&lt;\/b&gt;\?$/)
    await world.client.chat.postMessage({
      channel: world.general,
      thread_ts: question.ts,
      markdown_text: 'En **kunde**',
    })
    await page.getByRole('button', { name: '1 reply' }).click()
    await page.getByRole('complementary', { name: 'Thread' }).getByText('En kunde').waitFor()
  })

  test('shows an answer as it grows, and stops it', async () => {
    const question = world.slack.mention('anna', 'general', 'tæl til ti')
    const to = {
      channel: world.general,
      thread_ts: question.ts,
      recipient_user_id: question.user.id,
      recipient_team_id: question.teamId,
    }
    await world.client.apiCall('agents.sessions.setStatus', {
      channel_id: world.general,
      thread_ts: question.ts,
      status: 'processing',
    })
    const { ts = '' } = await world.client.chat.startStream({ ...to, markdown_text: 'en, ' })
    await said('tæl til ti').getByRole('button', { name: /reply/ }).click()
    await world.client.chat.appendStream({ channel: world.general, ts, markdown_text: 'to, ' })
    await page.getByText('en, to,').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await world.slack.settled()
    await expect
      .poll(() => world.app.events('agent_session_stopped'))
      .toMatchObject([{ streaming_message_ts: [ts] }])
  })

  test('lets a person edit and delete their own words alone', async () => {
    await write('en fejl')
    await said('en fejl').hover()
    page.once('dialog', (dialog) => void dialog.accept('rettet'))
    await said('en fejl').getByRole('button', { name: 'Edit' }).click()
    await said('rettet').getByText('(edited)').waitFor()
    page.once('dialog', (dialog) => void dialog.accept())
    await said('rettet').hover()
    await said('rettet').getByRole('button', { name: 'Delete' }).click()
    await expect.poll(() => said('rettet').count()).toBe(0)
    world.slack.say('mikkel', 'general', 'ikke din')
    await said('ikke din').hover()
    expect(await said('ikke din').getByRole('button', { name: 'Edit' }).count()).toBe(0)
  })

  test('presses buttons, opens what the app opens for it, and shows what is wrong there', async () => {
    const element = { type: 'plain_text_input' as const, action_id: 'value' }
    const view = {
      type: 'modal' as const,
      title: plain('Ny kontakt'),
      submit: plain('Opret'),
      blocks: [{ type: 'input' as const, block_id: 'name', label: plain('Navn'), element }],
    }
    world.app.answer = ({ payload }, response) => {
      if (payload['type'] === 'block_actions')
        void world.client.views.open({ trigger_id: String(payload['trigger_id']), view })
      const errors = { name: 'Findes allerede' }
      response.end(
        payload['type'] === 'view_submission' ? JSON.stringify({ response_action: 'errors', errors }) : '',
      )
    }
    await world.client.chat.postMessage({
      channel: world.general,
      text: 'Opret?',
      blocks: [
        { type: 'actions', elements: [{ type: 'button', action_id: 'new', text: plain('Ny kontakt') }] },
      ],
    })
    await page.locator('.message').getByRole('button', { name: 'Ny kontakt' }).click()
    await page.getByLabel('Navn').fill('Bente Skov')
    await page.getByRole('button', { name: 'Opret' }).click()
    await page.getByText('Findes allerede').waitFor()
    expect(await page.getByLabel('Navn').inputValue()).toBe('Bente Skov')
    await page.keyboard.press('Escape')
    await expect.poll(() => world.slack.modal('anna')).toBeUndefined()
  })

  test('shows a moment as a date, and a table that is wider than the thread in a box that scrolls', async () => {
    const until = { type: 'date' as const, timestamp: 1_800_000_000, format: '{date_short}', fallback: '–' }
    const elements = [{ type: 'rich_text_section' as const, elements: [until] }]
    const columns = (word: string) => `|${` ${word} |`.repeat(20)}`
    const text = [columns('Aftale'), columns('--'), columns('Havneby')].join('\n')
    const root = world.slack.say('anna', 'general', 'hvor længe?')
    await world.client.chat.postMessage({
      channel: world.general,
      thread_ts: root.ts,
      text: 'til januar',
      blocks: [
        { type: 'rich_text', elements },
        { type: 'markdown', text },
      ],
    })
    await said('hvor længe?').getByRole('button', { name: '1 reply' }).click()
    const thread = page.getByRole('complementary', { name: 'Thread' })
    await thread.locator('time').getByText('2027').waitFor()
    const [box, list] = await Promise.all(
      ['.wide', '.list'].map((place) =>
        thread.locator(place).evaluate((element) => element.scrollWidth - element.clientWidth),
      ),
    )
    expect(box).toBeGreaterThan(0)
    expect(list).toBe(0)
  })

  test('shows another person what is theirs: not what was for Anna alone', async () => {
    await world.client.chat.postEphemeral({
      channel: world.general,
      user: world.slack.workspace.user('anna').id,
      text: 'kun Anna',
    })
    await said('kun Anna').getByText('Only visible to you').waitFor()
    await page.getByLabel('You are').selectOption({ label: 'Gitte Gæst (guest) · Nordlys' })
    await page.getByRole('heading', { name: '#kunder' }).waitFor()
    expect(await page.getByRole('navigation').getByText('ledelse').count()).toBe(0)
  })

  test.each([
    ['in light', {}],
    ['in dark', { colorScheme: 'dark' as const }],
    ['on a phone', { viewport: { width: 390, height: 844 } }],
  ])('is legible for everybody, %s', async (_, options) => {
    const shown = await open(options)
    const { violations } = await new AxeBuilder({ page: shown })
      .withTags(['wcag2a', 'wcag2aa', 'wcag22aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    expect(
      await shown.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0)
    await shown.context().close()
  })
})
