import { verifySlackRequest } from '@slack/bolt'
import { afterEach, describe, expect, test } from 'vitest'
import { signatureHeaders } from './signature.ts'
import type { Fields } from './state.ts'
import { startFakeSlack } from './startFakeSlack.ts'
import { startTestWorld, type Heard, type TestWorld } from './testWorld.ts'

let world: TestWorld
afterEach(() => world?.close())

const fails = (_: Heard, response: { writeHead(status: number, headers?: object): { end(): void } }) =>
  response.writeHead(500).end()
const retries = () =>
  world.app.heard.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])
const channelEvents = () => world.app.heard.filter(({ payload }) => payload['event'])

describe('the signature', () => {
  test('is the one of Slack’s own example', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
    expect(
      signatureHeaders('8f742231b10e8888abcd99yyyzzz85a5', body, 1_531_420_618)['x-slack-signature'],
    ).toBe('v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503')
  })

  test('of everything that is sent is taken by Bolt, and a changed body is not', async () => {
    world = await startTestWorld()
    const message = world.slack.say('anna', 'general', 'æøå 👋')
    await world.slack.shortcut('anna', 'ask_message', message)
    await world.slack.command('anna', 'general', '/tekup', 'hvad koster det?')
    await world.slack.settled()
    expect(world.app.heard).toHaveLength(3)
    const verify = (headers: Heard['headers'], body: string) => () =>
      verifySlackRequest({
        signingSecret: world.slack.app.signingSecret,
        body,
        headers: {
          'x-slack-signature': String(headers['x-slack-signature']),
          'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
        },
      })
    for (const { headers, body } of world.app.heard) {
      expect(verify(headers, body)).not.toThrow()
      expect(verify(headers, `${body} `)).toThrow('signature mismatch')
    }
  })

  test('is not on what Slack sends to see the certificate', async () => {
    world = await startTestWorld()
    expect(await world.slack.checkCertificate()).toBe(200)
    expect(world.app.heard).toMatchObject([{ payload: { ssl_check: '1' } }])
    expect(world.app.heard[0]?.headers).not.toHaveProperty('x-slack-signature')
  })

  test('is asked for before anything is sent: an address that does not give the challenge back is refused', async () => {
    world = await startTestWorld()
    await expect(world.slack.connect(`${world.slack.url}/nowhere`)).rejects.toThrow('challenge')
  })
})

describe('events', () => {
  test('a mention comes twice, as a mention and as a message, under two event ids', async () => {
    world = await startTestWorld()
    const { ts } = world.slack.mention('anna', 'general', 'hej')
    await world.slack.settled()
    const ids = world.app.heard.map(({ payload }) => payload['event_id'])
    expect(new Set(ids).size).toBe(2)
    expect(world.app.events('app_mention')).toMatchObject([{ ts }])
    expect(world.app.events('message')).toMatchObject([
      { ts, channel_type: 'channel', blocks: [{ type: 'rich_text' }] },
    ])
  })

  test('the envelope names the installation, and the inner event the person', async () => {
    world = await startTestWorld()
    world.slack.say('anna', '@bot', 'opsummer', { appContext: { entities: [] } })
    await world.slack.settled()
    const { id: team } = world.slack.workspace.team('Nordlys')
    expect(world.app.heard[0]?.payload).toMatchObject({
      type: 'event_callback', api_app_id: world.slack.app.id, team_id: team, is_ext_shared_channel: false,
      authorizations: [{ team_id: team, is_bot: true, is_enterprise_install: false }],
      event: { type: 'message', channel_type: 'im', app_context: { entities: [] }, user: world.slack.workspace.user('anna').id },
    }) // prettier-ignore
    expect(world.app.heard[0]?.payload['event']).not.toHaveProperty('thread_ts')
  })

  test('a stranger of a shared channel has another team than the installation', async () => {
    world = await startTestWorld()
    world.slack.invite('havneby-tandklinik')
    world.slack.say('karen', 'havneby-tandklinik', 'hej')
    await world.slack.settled()
    // Two deliveries are under way at once, and either comes first.
    const [envelope] = world.app.heard
      .map(({ payload }) => payload)
      .filter(({ event }) => (event as Fields)['type'] === 'message') as unknown as {
      team_id: string
      authorizations: { team_id: string }[]
    }[]
    expect(envelope).toMatchObject({
      is_ext_shared_channel: true,
      team_id: world.slack.workspace.team('Havneby').id,
    })
    expect(envelope?.authorizations[0]?.team_id).toBe(world.slack.workspace.team('Nordlys').id)
  })

  test('an edit and a removal come as hidden messages with what was before', async () => {
    world = await startTestWorld()
    const message = world.slack.say('anna', 'general', 'før')
    world.slack.edit(message, 'efter')
    world.slack.remove(message)
    await world.slack.settled()
    const changes = world.app.events('message').filter(({ hidden }) => hidden)
    expect(
      changes.toSorted((one, other) => String(one['subtype']).localeCompare(String(other['subtype']))),
    ).toMatchObject([
      {
        subtype: 'message_changed',
        message: { text: 'efter', edited: {} },
        previous_message: { text: 'før' },
      },
      { subtype: 'message_deleted', deleted_ts: message.ts, previous_message: { text: 'efter' } },
    ])
  })

  test('what the bot posts comes back to it with its own ids', async () => {
    world = await startTestWorld()
    await world.client.chat.postMessage({ channel: world.general, text: 'mit eget' })
    await world.slack.settled()
    expect(world.app.events('message')).toMatchObject([
      { text: 'mit eget', app_id: world.slack.app.id, bot_id: expect.any(String) as string },
    ])
  })

  test('nothing comes of channels that the bot is not in', async () => {
    world = await startTestWorld()
    world.slack.say('anna', 'kunder', 'hemmeligt')
    await world.slack.settled()
    expect(world.app.heard).toEqual([])
  })

  test('what people do in App Home, with reactions and links is told', async () => {
    world = await startTestWorld()
    world.slack.openHome('anna', 'messages')
    world.slack.look('anna', [{ type: 'slack#/types/channel_id', value: world.general }])
    world.slack.react('anna', world.slack.say('anna', 'general', '<https://tekup.example/runs/1>'), 'eyes')
    world.slack.runFunction('ask', { question: 'hvad?' })
    await world.slack.settled()
    const types = world.app.heard.map(({ payload }) => (payload['event'] as Fields)['type'])
    expect(types.toSorted()).toEqual([
      'app_context_changed',
      'app_home_opened',
      'link_shared',
      'message',
      'reaction_added',
    ])
  })
})

describe('deliveries', () => {
  test('are tried again at once, after a minute and after five, and then no more', async () => {
    world = await startTestWorld()
    world.app.answer = fails
    world.slack.say('anna', 'general', 'hallo?')
    await world.slack.settled()
    expect(retries()).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
    ])
    await world.slack.clock.advance(60_000)
    await world.slack.settled()
    await world.slack.clock.advance(300_000)
    await world.slack.settled()
    await world.slack.clock.advance(3600_000)
    await world.slack.settled()
    expect(retries().map(([number]) => number)).toEqual([undefined, '1', '2', '3'])
    expect(new Set(world.app.heard.map(({ payload }) => payload['event_id'])).size).toBe(1)
  })

  test('are not taken when three seconds go by without an answer', async () => {
    world = await startTestWorld()
    const answers: (() => void)[] = []
    world.app.answer = (_, response) => void answers.push(() => response.end())
    world.slack.say('anna', 'general', 'hallo?')
    await expect.poll(() => world.app.heard.length).toBe(1)
    await world.slack.clock.advance(3000)
    await expect.poll(retries).toEqual([
      [undefined, undefined],
      ['1', 'http_timeout'],
    ])
    for (const answer of answers) answer()
    await world.slack.settled()
  })

  test('are not tried again where the app asks for that', async () => {
    world = await startTestWorld()
    world.app.answer = (_, response) => void response.writeHead(500, { 'x-slack-no-retry': '1' }).end()
    world.slack.say('anna', 'general', 'hallo?')
    await world.slack.settled()
    expect(world.app.heard).toHaveLength(1)
  })

  test('come twice on demand, under one event id', async () => {
    world = await startTestWorld()
    world.slack.duplicateNext()
    world.slack.say('anna', 'general', 'to gange')
    await world.slack.settled()
    expect(channelEvents()).toHaveLength(2)
    expect(new Set(channelEvents().map(({ payload }) => payload['event_id'])).size).toBe(1)
  })

  test('come in another order on demand', async () => {
    world = await startTestWorld()
    world.slack.reorderNext()
    world.slack.say('anna', 'general', 'først')
    world.slack.say('anna', 'general', 'sidst')
    await world.slack.settled()
    expect(world.app.events('message').map(({ text }) => text)).toEqual(['sidst', 'først'])
  })

  test('beyond the hour’s allowance stop, and the app is told so once a minute', async () => {
    world = await startTestWorld({ deliveriesPerHour: 3 })
    for (const text of ['1', '2', '3', '4']) world.slack.say('anna', 'general', text)
    await world.slack.settled()
    const limited = world.app.heard.filter(({ payload }) => payload['type'] === 'app_rate_limited')
    expect(limited).toHaveLength(1)
    expect(limited[0]?.payload).toMatchObject({
      api_app_id: world.slack.app.id,
      minute_rate_limited: expect.any(Number) as number,
    })
  })

  test('of an app that has no address go nowhere', async () => {
    const slack = await startFakeSlack()
    slack.install()
    slack.say('anna', '@bot', 'er her nogen?')
    await slack.settled()
    expect(slack.deliveries.log).toMatchObject([{ answer: { failure: 'connection_failed' } }])
    await slack.close()
  })
})
