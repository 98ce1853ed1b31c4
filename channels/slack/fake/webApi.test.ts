import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusalOf, startTestWorld, type TestWorld } from './testWorld.ts'

let world: TestWorld
beforeAll(async () => void (world = await startTestWorld({ limits: false })))
afterAll(() => world.close())

const call = (method: string, args: Record<string, unknown> = {}) => world.client.apiCall(method, args)
const asJson = async (method: string, body: object, token = world.token) =>
  (await fetch(`${world.slack.url}/api/${method}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  }).then((response) => response.json())) as {
    ok: boolean
    error?: string
    response_metadata?: { messages: string[] }
  }

describe('who calls', () => {
  test.each([
    ['nobody', undefined, 'not_authed'],
    ['a token that Slack never gave', 'xoxb-made-up', 'invalid_auth'],
  ])('%s is refused', async (_, token, error) => {
    expect(await refusalOf(world.clientFor(token as string).auth.test())).toBe(error)
  })

  test('the bot learns its own ids, which the installation did not tell', async () => {
    const who = await world.client.auth.test()
    expect(who).toMatchObject({
      ok: true,
      team: 'Nordlys',
      user: 'tekup',
      bot_id: expect.stringMatching(/^B0/) as string,
    })
  })

  test('a token without the scope is told which one is needed and which it has', async () => {
    const { access_token: token } = world.slack.install({
      team: 'Havneby',
      by: 'karen',
      scopes: ['chat:write'],
    })
    const error = await world
      .clientFor(String(token))
      .users.list({})
      .catch((one: unknown) => one)
    expect(error).toBeInstanceOf(WebAPIPlatformError)
    expect((error as WebAPIPlatformError).data).toMatchObject({
      error: 'missing_scope',
      needed: 'users:read',
      provided: 'chat:write',
    })
  })

  test('an app token opens sockets and nothing else, and a bot token opens none', async () => {
    expect(await refusalOf(world.clientFor(world.slack.app.appToken).auth.test())).toBe(
      'not_allowed_token_type',
    )
    expect(await refusalOf(call('apps.connections.open'))).toBe('not_allowed_token_type')
  })
})

describe('what is called', () => {
  test.each([
    ['no such method', 'chat.shout', {}, 'unknown_method'],
    ['a missing argument', 'conversations.info', {}, 'invalid_arguments'],
    [
      'an argument that Slack does not know',
      'conversations.info',
      { channel: 'C1', colour: 'red' },
      'invalid_arguments',
    ],
    [
      'a number that is none',
      'conversations.replies',
      { channel: 'C1', ts: '1.0', limit: 'many' },
      'invalid_arguments',
    ],
    [
      'a number out of bounds',
      'conversations.replies',
      { channel: 'C1', ts: '1.0', limit: 1001 },
      'invalid_arguments',
    ],
    ['an unknown channel', 'conversations.info', { channel: 'C0NOWHERE' }, 'channel_not_found'],
    ['an unknown person', 'users.info', { user: 'U0NOBODY' }, 'user_not_found'],
    ['an unknown address', 'users.lookupByEmail', { email: 'nobody@nordlys.example' }, 'users_not_found'],
    ['an unknown file', 'files.info', { file: 'F0' }, 'file_not_found'],
    ['a message without words', 'chat.postMessage', { channel: '#general' }, 'no_text'],
    [
      'two kinds of words',
      'chat.postMessage',
      { channel: '#general', text: 'a', markdown_text: 'b' },
      'markdown_text_conflict',
    ],
    [
      'too much markdown',
      'chat.postMessage',
      { channel: '#general', markdown_text: 'x'.repeat(12_001) },
      'msg_too_long',
    ],
    [
      'blocks that are no JSON',
      'chat.postMessage',
      { channel: '#general', blocks: '[{' },
      'invalid_blocks_format',
    ],
    [
      '51 blocks',
      'chat.postMessage',
      { channel: '#general', text: 'a', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) },
      'msg_blocks_too_many',
    ],
    [
      '101 attachments',
      'chat.postMessage',
      { channel: '#general', text: 'a', attachments: Array.from({ length: 101 }, () => ({ text: 'a' })) },
      'too_many_attachments',
    ],
    [
      'metadata without a type',
      'chat.postMessage',
      { channel: '#general', text: 'a', metadata: { a: 1 } },
      'invalid_metadata_format',
    ],
    [
      'another name without the scope',
      'chat.postMessage',
      { channel: '#general', text: 'a', username: 'Boss' },
      'missing_scope',
    ],
    [
      'a reply to nothing',
      'chat.postMessage',
      { channel: '#general', text: 'a', thread_ts: '1.000001' },
      'cannot_reply_to_message',
    ],
    [
      'a channel that the bot is not in',
      'chat.postMessage',
      { channel: '#kunder', text: 'a' },
      'not_in_channel',
    ],
    [
      'a private channel that the bot does not see',
      'chat.postMessage',
      { channel: '#ledelse', text: 'a' },
      'channel_not_found',
    ],
    ['a private channel to join', 'conversations.join', { channel: '#ledelse' }, 'channel_not_found'],
    ['nobody to talk to', 'conversations.open', {}, 'users_list_not_supplied'],
    ['history where it is not', 'conversations.history', { channel: '#kunder' }, 'not_in_channel'],
    [
      'a thread that is not there',
      'conversations.replies',
      { channel: '#general', ts: '1.000001' },
      'thread_not_found',
    ],
    [
      'a moment that is none',
      'conversations.history',
      { channel: '#general', oldest: 'yesterday' },
      'invalid_ts_oldest',
    ],
    [
      'a message that is not there',
      'chat.update',
      { channel: '#general', ts: '1.000001', text: 'a' },
      'message_not_found',
    ],
    [
      'an emoji that cannot be one',
      'reactions.add',
      { channel: '#general', timestamp: '1.000001', name: 'Not One' },
      'invalid_name',
    ],
    [
      'a time that is none',
      'reactions.add',
      { channel: '#general', timestamp: 'now', name: 'eyes' },
      'bad_timestamp',
    ],
    [
      'a person who is not in the channel',
      'chat.postEphemeral',
      { channel: '#general', user: 'U0NOBODY', text: 'a' },
      'user_not_in_channel',
    ],
    [
      'a function that does not run',
      'functions.completeSuccess',
      { function_execution_id: 'Fx1', outputs: {} },
      'function_execution_not_found',
    ],
    [
      'an entity of a trigger that is none',
      'entity.presentDetails',
      { trigger_id: '1.2.3' },
      'invalid_trigger_id',
    ],
  ])('%s is refused by %s', async (_, method, args, error) => {
    expect(await refusalOf(call(method, args))).toBe(error)
  })

  test('a missing argument is named in the words of Slack', async () => {
    const { response_metadata: said } = await asJson('chat.postMessage', { text: 'a' })
    expect(said?.messages).toEqual(['[ERROR] missing required field: channel'])
  })

  test('a JSON body holds lists and texts as they are, and no number for a text', async () => {
    const channel = world.general
    expect(
      await asJson('chat.postMessage', { channel, text: 'a', blocks: [{ type: 'divider' }] }),
    ).toMatchObject({ ok: true })
    expect(await asJson('chat.postMessage', { channel, text: { words: 1 } })).toMatchObject({
      error: 'invalid_arguments',
    })
    expect(await asJson('users.info', { user: 'U1' })).toMatchObject({ error: 'invalid_arguments' })
  })

  test('a text over 40,000 characters is cut, with a warning', async () => {
    const answer = await world.client.chat.postMessage({ channel: world.general, text: 'x'.repeat(40_001) })
    expect(answer).toMatchObject({ warning: 'message_truncated', message: { text: 'x'.repeat(40_000) } })
  })
})

describe('what goes wrong on demand', () => {
  test.each([
    ['fatal_error', WebAPIPlatformError],
    ['500', WebAPIHTTPError],
    ['429', WebAPIRateLimitedError],
  ])('the next call fails with %s, and the one after it does not', async (failure, kind) => {
    const client = world.clientFor(world.token, { rejectRateLimitedCalls: true })
    world.slack.failNext('auth.test', failure)
    await expect(client.auth.test()).rejects.toBeInstanceOf(kind)
    await expect(client.auth.test()).resolves.toMatchObject({ ok: true })
  })

  test('a call that is never answered ends by the client’s own patience', async () => {
    world.slack.failNext('auth.test', 'timeout')
    await expect(world.clientFor(world.token, { timeout: 50 }).auth.test()).rejects.toThrow('timeout')
  })

  test('every call is on record with its arguments and its answer', async () => {
    await world.client.chat.postMessage({ channel: world.general, text: 'på tryk' })
    expect(world.slack.calls('chat.postMessage').at(-1)).toMatchObject({
      arguments: { text: 'på tryk' },
      answer: { ok: true },
    })
  })
})
