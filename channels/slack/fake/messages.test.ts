import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentManifest } from './manifest.ts'
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

describe('what depends on how things are', () => {
  const own = () => world.slack.workspace.channel('general')

  test('an archived channel takes nothing', async () => {
    own().isArchived = true
    expect(await refusalOf(world.client.chat.postMessage({ channel: world.general, text: 'a' }))).toBe(
      'is_archived',
    )
    own().isArchived = false
  })

  test('who was deactivated is not talked to, and not found by address', async () => {
    const gone = world.slack.workspace.addUser(own().team, {
      name: 'ole',
      email: 'ole@nordlys.example',
      kind: 'deactivated',
    })
    expect(await refusalOf(world.client.conversations.open({ users: gone.id }))).toBe('user_disabled')
    expect(await refusalOf(world.client.users.lookupByEmail({ email: 'ole@nordlys.example' }))).toBe(
      'users_not_found',
    )
  })

  test('a person’s id stands for the conversation with that person', async () => {
    const anna = world.slack.workspace.user('anna')
    const { channel } = await world.client.chat.postMessage({ channel: anna.id, text: 'kun os to' })
    const { channel: opened } = await world.client.conversations.open({ users: anna.id })
    expect(channel).toBe(opened?.id)
    expect(world.slack.messages('general').at(-1)?.text).not.toBe('kun os to')
  })

  test('a reply that is for all is in the channel’s history too', async () => {
    const { ts } = world.slack.say('anna', 'general', 'spørgsmål')
    for (const reply_broadcast of [false, true])
      await world.client.chat.postMessage({
        channel: world.general,
        thread_ts: ts,
        text: `til alle: ${reply_broadcast}`,
        reply_broadcast,
      })
    const { messages = [] } = await world.client.conversations.history({ channel: world.general, oldest: ts })
    expect(messages.map(({ text }) => text)).toEqual(['til alle: true'])
  })

  test('an app without a tab for messages writes to nobody, and without a home shows none', async () => {
    const features = {
      ...agentManifest.features,
      app_home: { home_tab_enabled: false, messages_tab_enabled: false },
    }
    const closed = await startTestWorld({ manifest: { ...agentManifest, features } })
    const { id } = closed.slack.workspace.user('anna')
    expect(await refusalOf(closed.client.chat.postMessage({ channel: id, text: 'a' }))).toBe(
      'messages_tab_disabled',
    )
    expect(
      await refusalOf(closed.client.views.publish({ user_id: id, view: { type: 'home', blocks: [] } })),
    ).toBe('not_enabled')
    await closed.close()
  })

  test('blocks are looked at for whoever asks, with each fault and its place', async () => {
    const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]
    const error = (await world.client
      .apiCall('blocks.validate', { blocks })
      .catch((one: unknown) => one)) as { data: unknown }
    expect(error.data).toMatchObject({
      error: 'invalid_blocks',
      errors: [{ code: 'too_long', pointer: '/0/text/text', constraint: 150 }],
    })
    expect(await refusalOf(world.client.apiCall('blocks.validate', { blocks: [{ type: 'divider' }] }))).toBe(
      'ok',
    )
  })

  test('a step of a workflow ends once', async () => {
    const { oauth_config, settings, ...rest } = agentManifest
    const events = [...(settings?.event_subscriptions?.bot_events ?? []), 'function_executed']
    const step = await startTestWorld({
      manifest: {
        ...rest,
        oauth_config: oauth_config!,
        settings: { ...settings, event_subscriptions: { bot_events: events } },
      },
    })
    const id = step.slack.runFunction('ask', { question: 'hvad?' })
    await step.slack.settled()
    expect(step.app.events('function_executed')).toMatchObject([
      { function_execution_id: id, inputs: { question: 'hvad?' } },
    ])
    await step.client.functions.completeSuccess({ function_execution_id: id, outputs: { answer: '42' } })
    expect(step.slack.execution(id)).toMatchObject({ state: 'succeeded', outputs: { answer: '42' } })
    expect(
      await refusalOf(step.client.functions.completeError({ function_execution_id: id, error: 'a' })),
    ).toBe('execution_not_in_running_state')
    await step.close()
  })
})
