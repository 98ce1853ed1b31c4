import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signatureHeaders } from '../fake/index.ts'
import { startHearingWorld, type HearingWorld } from '../testing/hearingWorld.ts'

let world: HearingWorld
beforeAll(async () => {
  world = await startHearingWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.heard.length = 0
  world.doing = async () => undefined
})

const botUser = () => world.slack.workspace.users.find(({ kind }) => kind === 'bot')!.id

describe('an event', () => {
  test('that Slack sends four times is heard once', async () => {
    const said = world.envelope('only once', world.nextTs())
    for (let time = 0; time < 4; time++)
      expect(
        (await world.deliver(said, { headers: time > 0 ? { 'x-slack-retry-num': String(time) } : {} }))
          .statusCode,
      ).toBe(200)
    await Promise.all(Array.from({ length: 4 }, () => world.deliver(said)))
    await world.settled()
    expect(world.heard.map(({ text }) => text)).toEqual(['only once'])
  })

  test('that mentions the bot is heard once, though Slack tells of it twice', async () => {
    world.slack.mention('anna', 'general', 'hej')
    await world.settled()
    expect(world.heard).toHaveLength(1)
    expect(world.heard[0]).toMatchObject({ tenant: world.tenant, text: expect.stringContaining('hej') })
  })

  test('is on the disk before Slack is answered, and its words are gone once it is worked through', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    world.doing = () => promise
    expect((await world.deliver(world.envelope('keep this', world.nextTs()))).statusCode).toBe(200)
    expect(await world.inbox(`body LIKE '%keep this%' AND done_at IS NULL`)).toBe(1)
    resolve()
    await world.settled()
    expect(await world.inbox(`body LIKE '%keep this%'`)).toBe(0)
    expect(await world.inbox('done_at IS NULL')).toBe(0)
  })

  test('of the bot’s own words is nobody’s to hear', async () => {
    await world.deliver(world.envelope('I said that', world.nextTs(), {}, { user: botUser() }))
    await world.deliver(world.envelope('So it goes', world.nextTs(), {}, { subtype: 'channel_join' }))
    await world.settled()
    expect(world.heard).toEqual([])
  })

  test('whose listener fails is tried again', async () => {
    let tries = 0
    world.doing = async () => {
      tries += 1
      if (tries < 2) throw new Error('not yet')
    }
    await world.deliver(world.envelope('second try', world.nextTs()))
    await expect.poll(() => world.heard.map(({ text }) => text)).toEqual(['second try'])
    expect(tries).toBe(2)
  })
})

describe('order', () => {
  test('is kept in a thread, and one thread does not wait for another', async () => {
    const root = world.nextTs()
    const other = world.nextTs()
    const { promise, resolve } = Promise.withResolvers<void>()
    world.doing = async ({ text }) => (text === 'A1' ? promise : undefined)
    await world.deliver(world.envelope('A1', root))
    await world.deliver(world.envelope('A2', world.nextTs(), {}, { thread_ts: root }))
    await world.deliver(world.envelope('B1', other))
    await expect.poll(() => world.heard.map(({ text }) => text)).toEqual(['B1'])
    resolve()
    await world.settled()
    expect(world.heard.map(({ text }) => text)).toEqual(['B1', 'A1', 'A2'])
  })

  test('of what waits is Slack’s own, whichever came first', async () => {
    const [root, first, last] = [world.nextTs(), world.nextTs(), world.nextTs()]
    const { promise, resolve } = Promise.withResolvers<void>()
    world.doing = async ({ text }) => (text === 'root' ? promise : undefined)
    await world.deliver(world.envelope('root', root))
    await world.deliver(world.envelope('later', last, {}, { thread_ts: root }))
    await world.deliver(world.envelope('earlier', first, {}, { thread_ts: root }))
    resolve()
    await world.settled()
    expect(world.heard.map(({ text }) => text)).toEqual(['root', 'earlier', 'later'])
  })
})

describe('a signature', () => {
  const said = () => world.envelope('who says that', world.nextTs())

  test('that is wrong, old, of the future or missing is refused', async () => {
    // Where exactly five minutes end, `isFromSlack` is asked with a clock of its own: here seconds go by between the calls.
    const now = Math.floor(Date.now() / 1000)
    expect((await world.deliver(said(), { secret: 'somebody-elses-secret' })).statusCode).toBe(401)
    expect((await world.deliver(said(), { seconds: now - 3600 })).statusCode).toBe(401)
    expect((await world.deliver(said(), { seconds: now + 3600 })).statusCode).toBe(401)
    expect((await world.deliver(said(), { seconds: now - 60 })).statusCode).toBe(200)
    const bare = await world.app.inject({ method: 'POST', url: '/slack/events', payload: said() })
    expect(bare.statusCode).toBe(401)
    await world.settled()
    expect(world.heard).toHaveLength(1)
  })

  test('is of the bytes as they came: one more space and it is another message', async () => {
    const body = JSON.stringify(said())
    const headers = {
      'content-type': 'application/json',
      ...signatureHeaders(world.slack.app.signingSecret, body),
    }
    const answer = await world.app.inject({
      method: 'POST',
      url: '/slack/events',
      headers,
      payload: `${body} `,
    })
    expect(answer.statusCode).toBe(401)
  })

  test('is not asked of a look at the certificate, of which nothing else is heard', async () => {
    expect(await world.slack.checkCertificate()).toBe(200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = (payload: string) =>
      world.app.inject({ method: 'POST', url: '/slack/events', headers: form, payload })
    expect((await sent(`ssl_check=1&payload=${encodeURIComponent(JSON.stringify(said()))}`)).statusCode).toBe(
      200,
    )
    expect((await sent('ssl_check=11&command=/tekup')).statusCode).toBe(401)
    expect((await sent('command=/tekup&text=ssl_check=1')).statusCode).toBe(401)
    await world.settled()
    expect(world.heard).toEqual([])
  })

  test('leaves the product’s other addresses as they are: they still read JSON', async () => {
    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/slack/links/open',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.json().error.code).toMatch(/malformed_body|unauthenticated/)
  })
})
