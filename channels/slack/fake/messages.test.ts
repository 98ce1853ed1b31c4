import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusalOf, startTestWorld, type TestWorld } from './testWorld.ts'

let world: TestWorld
beforeAll(async () => void (world = await startTestWorld({ limits: false })))
afterAll(() => world.close())

describe('messages', () => {
  test('a message is posted, changed, read with its thread, given a reaction and removed', async () => {
    const { client, general: channel } = world
    const { ts = '' } = await client.chat.postMessage({
      channel,
      text: 'Vi tæller',
      metadata: { event_type: 'outbox', event_payload: { id: '1' } },
    })
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'en' })
    await client.chat.update({ channel, ts, text: 'Vi har talt' })
    await client.reactions.add({ channel, timestamp: ts, name: 'eyes' })
    expect(await refusalOf(client.reactions.add({ channel, timestamp: ts, name: 'eyes' }))).toBe(
      'already_reacted',
    )
    const { messages } = await client.conversations.replies({ channel, ts })
    expect(messages).toMatchObject([
      {
        text: 'Vi har talt',
        reply_count: 1,
        reactions: [{ name: 'eyes', count: 1 }],
        metadata: { event_type: 'outbox' },
      },
      { text: 'en', thread_ts: ts },
    ])
    await client.chat.delete({ channel, ts })
    expect(await refusalOf(client.chat.delete({ channel, ts }))).toBe('message_not_found')
  })

  test('nobody changes what another wrote', async () => {
    const { ts } = world.slack.say('anna', 'general', 'min egen')
    expect(await refusalOf(world.client.chat.update({ channel: world.general, ts, text: 'din' }))).toBe(
      'cant_update_message',
    )
    expect(await refusalOf(world.client.chat.delete({ channel: world.general, ts }))).toBe(
      'cant_delete_message',
    )
  })

  test('an ephemeral message is in nobody else’s history', async () => {
    const { id } = world.slack.workspace.user('anna')
    await world.client.chat.postEphemeral({ channel: world.general, user: id, text: 'kun dig' })
    const { messages = [] } = await world.client.conversations.history({ channel: world.general })
    expect(messages.map(({ text }) => text)).not.toContain('kun dig')
    expect(world.slack.messages('general').at(-1)).toMatchObject({ text: 'kun dig', onlyFor: id })
  })

  test('history comes in pages, newest first', async () => {
    for (const text of ['1', '2', '3']) world.slack.say('anna', 'general', text)
    const first = await world.client.conversations.history({ channel: world.general, limit: 2 })
    expect(first.messages?.map(({ text }) => text)).toEqual(['3', '2'])
    const cursor = first.response_metadata?.next_cursor ?? ''
    const next = await world.client.conversations.history({ channel: world.general, limit: 1, cursor })
    expect(next.messages?.map(({ text }) => text)).toEqual(['1'])
  })

  test('a file goes up in three steps and comes down with the token alone', async () => {
    await world.client.filesUploadV2({
      channel_id: world.general,
      filename: 'tal.csv',
      file: Buffer.from('a;b\n'),
      title: 'Tal',
    })
    const file = world.slack.messages('general').at(-1)?.files[0]
    const { file: info } = await world.client.files.info({ file: file?.id ?? '' })
    const headers = { Authorization: `Bearer ${world.token}` }
    expect(await (await fetch(info?.url_private_download ?? '', { headers })).text()).toBe('a;b\n')
    expect(await (await fetch(info?.url_private_download ?? '')).text()).toContain('<!doctype html>')
  })

  test('a link of ours is shown with what the app says of it', async () => {
    const { ts } = world.slack.say('anna', 'general', 'se <https://tekup.example/runs/1>')
    await world.client.chat.unfurl({
      channel: world.general,
      ts,
      unfurls: { 'https://tekup.example/runs/1': { blocks: [{ type: 'divider' }] } },
    })
    expect(world.slack.messages('general').at(-1)?.attachments).toHaveLength(1)
    const foreign = world.client.chat.unfurl({
      channel: world.general,
      ts,
      unfurls: { 'https://elsewhere.example/': { blocks: [] } },
    })
    expect(await refusalOf(foreign)).toBe('cannot_unfurl_url')
  })
})

describe('people', () => {
  test('guests, bots and strangers are told apart', async () => {
    const kinds = async (name: string) =>
      (await world.client.users.info({ user: world.slack.workspace.user(name).id })).user
    expect(await kinds('anna')).toMatchObject({
      is_restricted: false,
      is_bot: false,
      profile: { email: 'anna@nordlys.example' },
    })
    expect(await kinds('gitte')).toMatchObject({ is_restricted: true, is_ultra_restricted: false })
    expect(await kinds('tekup')).toMatchObject({ is_bot: true })
    expect(await refusalOf(kinds('karen'))).toBe('user_not_visible')
    world.slack.invite('havneby-tandklinik')
    expect(await kinds('karen')).toMatchObject({
      is_stranger: true,
      team_id: world.slack.workspace.team('Havneby').id,
    })
  })
})
