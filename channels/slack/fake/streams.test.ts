import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { agentManifest } from './manifest.ts'
import type { Message } from './state.ts'
import { refusalOf, startTestWorld, type TestWorld } from './testWorld.ts'

let world: TestWorld
let question: Message
let to: { channel: string; thread_ts: string; recipient_user_id: string; recipient_team_id: string }
beforeAll(async () => void (world = await startTestWorld({ limits: false })))
afterAll(() => world.close())
beforeEach(() => {
  question = world.slack.mention('anna', 'general', 'hvem er vores kunder?')
  to = {
    channel: world.general,
    thread_ts: question.ts,
    recipient_user_id: question.user.id,
    recipient_team_id: question.teamId,
  }
})

const start = async (): Promise<{ channel: string; ts: string }> => {
  const { channel = '', ts = '' } = await world.client.chat.startStream({ ...to, markdown_text: 'Vi ' })
  return { channel, ts }
}
const messageAt = (ts: string) => world.slack.messages('general').find((message) => message.ts === ts)
const raw = (method: string, args: Record<string, unknown>) => refusalOf(world.client.apiCall(method, args))

describe('a stream', () => {
  test('grows with each append and is a message when it stops', async () => {
    const stream = await start()
    await world.client.chat.appendStream({ ...stream, markdown_text: 'har **to**.' })
    expect(messageAt(stream.ts)).toMatchObject({ text: 'Vi har **to**.', stream: { state: 'in_progress' } })
    const { message } = await world.client.chat.stopStream({ ...stream, blocks: [{ type: 'divider' }] })
    expect(message).toMatchObject({
      text: 'Vi har **to**.',
      streaming_state: 'completed',
      thread_ts: question.ts,
    })
  })

  test('is what Slack’s own streamer makes of it: buffered words, tasks, a plan', async () => {
    const streamer = world.client.chatStream(to)
    expect(await streamer.append({ markdown_text: 'kort' })).toBeNull()
    await streamer.append({
      chunks: [
        { type: 'plan_update', title: 'Find kunder' },
        { type: 'task_update', id: '1', title: 'Leder', status: 'in_progress', details: 'i CRM' },
      ],
    })
    await streamer.append({
      chunks: [{ type: 'task_update', id: '1', title: 'Ledte', status: 'complete', details: ' og mail' }],
    })
    await streamer.stop({ markdown_text: 'færdig' })
    const message = messageAt(streamer.ts ?? '')
    expect(message?.text).toBe('kort\nfærdig')
    expect(message?.blocks.map(({ type }) => type)).toEqual(['markdown', 'plan', 'task_card', 'markdown'])
    expect(JSON.stringify(message?.blocks[2])).toContain('i CRM og mail')
  })

  test.each([
    ['without the person it is for', { recipient_user_id: '' }, 'missing_recipient_user_id'],
    ['without that person’s workspace', { recipient_team_id: '' }, 'missing_recipient_team_id'],
    ['for nobody that Slack knows', { recipient_user_id: 'U0NOBODY' }, 'user_not_found'],
    ['as something unknown', { task_display_mode: 'cards' }, 'invalid_arguments'],
    ['with a chunk of no kind', { chunks: [{ type: 'song' }] }, 'invalid_chunks'],
    [
      'with a task that has no title',
      { chunks: [{ type: 'task_update', id: '1', status: 'pending' }] },
      'invalid_chunks',
    ],
    [
      'with a task in no known state',
      { chunks: [{ type: 'task_update', id: '1', title: 'a', status: 'lost' }] },
      'invalid_chunks',
    ],
    [
      'with a task that says too much',
      { chunks: [{ type: 'task_update', id: '1', title: 'a'.repeat(257), status: 'pending' }] },
      'invalid_chunks',
    ],
    [
      'with blocks that are none',
      { chunks: [{ type: 'blocks', blocks: [{ type: 'song' }] }] },
      'invalid_blocks',
    ],
    ['with more markdown than fits', { markdown_text: 'x'.repeat(12_001) }, 'msg_too_long'],
  ])('does not begin %s', async (_, change, error) => {
    expect(await raw('chat.startStream', { ...to, ...change })).toBe(error)
  })

  test('needs nobody named in a direct conversation', async () => {
    const { channel, ts } = world.slack.say('anna', '@bot', 'hej')
    expect(await raw('chat.startStream', { channel: channel.id, thread_ts: ts })).toBe('ok')
  })

  test('is over after five minutes, although it was appended to', async () => {
    const stream = await start()
    await world.slack.clock.advance(4 * 60_000)
    expect(await raw('chat.appendStream', { ...stream, markdown_text: 'a' })).toBe('ok')
    await world.slack.clock.advance(60_000)
    expect(await raw('chat.appendStream', { ...stream, markdown_text: 'b' })).toBe(
      'message_not_in_streaming_state',
    )
    expect(await raw('chat.stopStream', stream)).toBe('message_not_in_streaming_state')
    expect(await raw('chat.update', { ...stream, text: 'hele svaret' })).toBe('ok')
  })

  test('holds 12,000 characters in all, and then no more', async () => {
    const stream = await start()
    expect(await raw('chat.appendStream', { ...stream, markdown_text: 'x'.repeat(11_997) })).toBe('ok')
    expect(await raw('chat.appendStream', { ...stream, markdown_text: 'x' })).toBe('msg_too_long')
  })

  test('takes no update while it runs, and no append by another or without words', async () => {
    const stream = await start()
    expect(await raw('chat.update', { ...stream, text: 'a' })).toBe('streaming_state_conflict')
    expect(await raw('chat.appendStream', stream)).toBe('no_text')
    expect(
      await raw('chat.appendStream', { channel: world.general, ts: question.ts, markdown_text: 'a' }),
    ).toBe('message_not_owned_by_app')
    expect(
      await raw('chat.appendStream', { channel: world.general, ts: '1.000001', markdown_text: 'a' }),
    ).toBe('message_not_found')
  })

  test('is seen by its recipient alone until it is over', async () => {
    const stream = await start()
    await world.client.chat.appendStream({ ...stream, markdown_text: 'har to.' })
    const seenBy = async (name: string) => {
      const sight = (await fetch(`${world.slack.url}/page/sight?as=${name}`).then((answer) =>
        answer.json(),
      )) as { channels: { name: string; messages: { ts: string; text: string }[] }[] }
      return sight.channels
        .find((channel) => channel.name === 'general')
        ?.messages.find(({ ts }) => ts === stream.ts)?.text
    }
    expect([await seenBy('anna'), await seenBy('mikkel')]).toEqual(['Vi har to.', 'Vi '])
    await world.client.chat.stopStream(stream)
    expect(await seenBy('mikkel')).toBe('Vi har to.')
  })

  test('that a person stopped takes no more words, and the app is told which', async () => {
    const stream = await start()
    expect(world.slack.stop('anna', question)).toEqual([stream.ts])
    expect(await raw('chat.appendStream', { ...stream, markdown_text: 'a' })).toBe('stopped_by_user')
    await world.slack.settled()
    expect(world.app.events('agent_session_stopped').at(-1)).toMatchObject({
      thread_ts: question.ts,
      streaming_message_ts: [stream.ts],
    })
    expect(await raw('chat.stopStream', stream)).toBe('ok')
  })
})

describe('the session of a thread', () => {
  const session = () => ({ channel_id: world.general, thread_ts: question.ts })

  test('says what the agent does, under a title without colons', async () => {
    const answer = await world.client.apiCall('agents.sessions.setStatus', {
      ...session(),
      status: 'processing',
      title: 'Kunder: alle',
    })
    expect(answer).toMatchObject({ status: 'processing', title: 'Kunder_ alle' })
    expect(world.slack.session(question)).toMatchObject({ status: 'processing' })
    expect(await raw('agents.sessions.rename', { ...session(), title: 'Andre' })).toBe('ok')
    await world.slack.settled()
    expect(world.app.events('agent_session_title_changed').at(-1)).toMatchObject({
      title: 'Andre',
      previous_title: 'Kunder_ alle',
    })
  })

  test.each([
    ['agents.sessions.setStatus', { status: 'tired' }, 'invalid_status'],
    ['agents.sessions.setStatus', { status: 'active', thread_ts: '' }, 'thread_ts_required'],
    ['agents.sessions.setStatus', { status: 'active', thread_ts: '1.000001' }, 'session_not_found'],
    ['agents.sessions.rename', { title: 'x'.repeat(201) }, 'session_not_found'],
    ['assistant.threads.setStatus', { status: 'a', thread_ts: '1.000001' }, 'invalid_thread_ts'],
    [
      'assistant.threads.setStatus',
      { status: 'a', loading_messages: Array.from({ length: 11 }, () => 'a') },
      'invalid_arguments',
    ],
    ['assistant.threads.setStatus', { status: 'a', loading_messages: ['x'.repeat(51)] }, 'invalid_arguments'],
  ])('%s refuses %j', async (method, change, error) => {
    expect(await raw(method, { ...session(), ...change })).toBe(error)
  })

  test('free words go after two minutes or with an answer, and processing after an hour', async () => {
    const words = () => world.slack.session(question)?.words
    await raw('assistant.threads.setStatus', { ...session(), status: 'tænker' })
    await world.slack.clock.advance(119_000)
    expect(words()).toBe('tænker')
    await world.slack.clock.advance(2000)
    expect(words()).toBe('')
    await raw('assistant.threads.setStatus', { ...session(), status: 'skriver' })
    await world.client.chat.postMessage({ channel: world.general, thread_ts: question.ts, text: 'her' })
    expect(words()).toBe('')
    await raw('agents.sessions.setStatus', { ...session(), status: 'processing' })
    await world.slack.clock.advance(3600_000)
    expect(world.slack.session(question)?.status).toBe('active')
  })

  test('an answer that asks leaves the session suspended', async () => {
    await world.client.chat.stopStream({ ...(await start()), session_status: 'suspended' } as never)
    expect(world.slack.session(question)?.status).toBe('suspended')
  })

  test('four prompts at most are suggested', async () => {
    const { channel } = world.slack.say('anna', '@bot', 'hej')
    const prompts = (count: number) =>
      raw('assistant.threads.setSuggestedPrompts', {
        channel_id: channel.id,
        prompts: Array.from({ length: count }, () => ({ title: 'a', message: 'b' })),
      })
    expect(await prompts(5)).toBe('invalid_arguments')
    expect(await prompts(4)).toBe('ok')
    expect(world.slack.prompts(channel.id)?.['prompts']).toHaveLength(4)
  })

  test('only an app that says it is an agent has any, and without Stop it is warned', async () => {
    const { agent_view: _, ...features } = agentManifest.features!
    const plain = await startTestWorld({ manifest: { ...agentManifest, features } })
    const { ts } = plain.slack.say('anna', 'general', 'hej')
    const asked = plain.client.apiCall('agents.sessions.setStatus', {
      channel_id: plain.general,
      thread_ts: ts,
      status: 'active',
    })
    expect(await refusalOf(asked)).toBe('not_authorized')
    await plain.close()
    const deaf = await startTestWorld({
      manifest: { ...agentManifest, settings: { event_subscriptions: { bot_events: ['app_mention'] } } },
    })
    const said = deaf.slack.say('anna', 'general', 'hej')
    const answer = await deaf.client.apiCall('agents.sessions.setStatus', {
      channel_id: deaf.general,
      thread_ts: said.ts,
      status: 'processing',
    })
    expect(answer.response_metadata?.warnings).toEqual(['missing_agent_session_stopped_event_subscription'])
    await deaf.close()
  })
})
