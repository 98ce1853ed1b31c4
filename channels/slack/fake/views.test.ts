import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Fields, Message } from './state.ts'
import { refusalOf, startTestWorld, type TestWorld } from './testWorld.ts'

let world: TestWorld
beforeAll(async () => void (world = await startTestWorld({ limits: false })))
afterAll(() => world.close())
beforeEach(() => {
  world.app.heard.length = 0
  world.app.answer = (_, response) => void response.end()
})

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const name = {
  type: 'input' as const,
  block_id: 'name',
  label: plain('Navn'),
  element: { type: 'plain_text_input' as const, action_id: 'value' },
}
const modal = (title = 'Ny kontakt') => ({
  type: 'modal' as const,
  callback_id: 'contact',
  title: plain(title),
  submit: plain('Opret'),
  blocks: [name],
})
/** What a person did last: events of messages come beside it. */
const payload = () =>
  world.app.heard.findLast((one) => !one.payload['event'])?.payload as Fields & {
    trigger_id: string
    response_url: string
  }
const answers = (body: object) =>
  (world.app.answer = (_, response) => void response.end(JSON.stringify(body)))

/** A person uses the shortcut, and the app opens a modal with its trigger. */
async function openModal(): Promise<void> {
  while (world.slack.modal('anna')) await world.slack.dismiss('anna')
  await world.slack.shortcut('anna', 'new_task')
  await world.client.views.open({ trigger_id: payload().trigger_id, view: modal() })
}

describe('a trigger', () => {
  test('opens one modal, and no second one', async () => {
    await openModal()
    expect(world.slack.modal('anna')?.content).toMatchObject({ callback_id: 'contact' })
    expect(
      await refusalOf(world.client.views.open({ trigger_id: payload().trigger_id, view: modal() })),
    ).toBe('exchanged_trigger_id')
  })

  test('is good for three seconds', async () => {
    await world.slack.shortcut('anna', 'new_task')
    await world.slack.clock.advance(3001)
    expect(
      await refusalOf(world.client.views.open({ trigger_id: payload().trigger_id, view: modal() })),
    ).toBe('expired_trigger_id')
  })

  test('that nobody gave opens nothing', async () => {
    expect(await refusalOf(world.client.views.open({ trigger_id: '1.2.3', view: modal() }))).toBe(
      'invalid_trigger_id',
    )
  })
})

describe('a modal', () => {
  beforeEach(openModal)

  test('sends what was filled in and closes', async () => {
    await world.slack.submit('anna', { name: 'Bente Skov' })
    expect(payload()).toMatchObject({
      type: 'view_submission',
      view: { state: { values: { name: { value: { type: 'plain_text_input', value: 'Bente Skov' } } } } },
    })
    expect(world.slack.modal('anna')).toBeUndefined()
  })

  test('stays with what is wrong in it', async () => {
    answers({ response_action: 'errors', errors: { name: 'Findes allerede' } })
    const answer = await world.slack.submit('anna', { name: 'Bente' })
    expect(answer.body).toMatchObject({ errors: { name: 'Findes allerede' } })
    expect(world.slack.modal('anna')).toBeDefined()
  })

  test('is changed, covered and cleared by the answer', async () => {
    answers({ response_action: 'update', view: modal('Rettet') })
    await world.slack.submit('anna')
    expect(world.slack.modal('anna')?.content).toMatchObject({ title: { text: 'Rettet' } })
    answers({ response_action: 'push', view: modal('Næste') })
    await world.slack.submit('anna')
    expect(world.slack.modal('anna')).toMatchObject({
      content: { title: { text: 'Næste' } },
      previousId: expect.any(String) as string,
    })
    answers({ response_action: 'clear' })
    await world.slack.submit('anna')
    expect(world.slack.modal('anna')).toBeUndefined()
  })

  test('shows a failure for an answer that Slack cannot follow, and for none', async () => {
    answers({ response_action: 'update', view: { type: 'modal' } })
    expect((await world.slack.submit('anna')).failure).toBe('invalid_arguments')
    answers({ response_action: 'dance' })
    expect((await world.slack.submit('anna')).failure).toBe('invalid_response_action')
    world.app.answer = (_, response) => void response.writeHead(500).end()
    expect((await world.slack.submit('anna')).failure).toBe('http_error')
  })

  test('is not written over by who saw an older one', async () => {
    const { id: view_id, hash } = world.slack.modal('anna')!
    await world.client.views.update({ view_id, hash, view: modal('To') })
    expect(await refusalOf(world.client.views.update({ view_id, hash, view: modal('Tre') }))).toBe(
      'hash_conflict',
    )
    expect(await refusalOf(world.client.views.update({ view_id: 'V0', view: modal() }))).toBe('not_found')
  })

  test('asks the app for options while a person types', async () => {
    const element = { type: 'external_select' as const, action_id: 'customer' }
    const { id: view_id } = world.slack.modal('anna')!
    const blocks = [{ type: 'input' as const, block_id: 'customer', label: plain('Kunde'), element }]
    await world.client.views.update({ view_id, view: { ...modal(), blocks } })
    answers({ options: [{ text: plain('Havneby'), value: '1' }] })
    expect((await world.slack.suggest('anna', 'customer', 'hav')).body).toMatchObject({
      options: [{ value: '1' }],
    })
    expect(payload()).toMatchObject({
      type: 'block_suggestion',
      action_id: 'customer',
      block_id: 'customer',
      value: 'hav',
    })
  })

  test('keeps its own name to itself, and is not too large', async () => {
    const named = { ...modal(), external_id: 'contact-1' }
    await world.client.views.update({ view_id: world.slack.modal('anna')!.id, view: named })
    await world.slack.shortcut('anna', 'new_task')
    const { trigger_id } = payload()
    expect(
      await refusalOf(
        world.client.views.open({ trigger_id, view: { ...modal(), private_metadata: 'x'.repeat(250_000) } }),
      ),
    ).toBe('view_too_large')
    expect(await refusalOf(world.client.views.open({ trigger_id, view: named }))).toBe(
      'duplicate_external_id',
    )
  })

  test('lies on two others at most', async () => {
    for (const expected of ['ok', 'ok', 'push_limit_reached']) {
      await world.slack.pressInView('anna', 'value', 'a')
      expect(
        await refusalOf(world.client.views.push({ trigger_id: payload().trigger_id, view: modal() })),
      ).toBe(expected)
    }
  })

  test('that is closed tells the app only where it asked for it', async () => {
    await world.slack.dismiss('anna')
    expect(payload()['type']).toBe('shortcut')
    await world.slack.shortcut('anna', 'new_task')
    await world.client.views.open({
      trigger_id: payload().trigger_id,
      view: { ...modal(), notify_on_close: true },
    })
    await world.slack.dismiss('anna')
    expect(payload()).toMatchObject({ type: 'view_closed', is_cleared: false })
  })
})

describe('App Home', () => {
  const home = (text: string) => ({
    type: 'home' as const,
    blocks: [{ type: 'section' as const, text: plain(text) }],
  })

  test('is one view per person, published anew with the hash that was seen', async () => {
    const { id: user_id } = world.slack.workspace.user('anna')
    const { view } = await world.client.views.publish({ user_id, view: home('God morgen') })
    await world.client.views.publish({ user_id, view: home('God aften'), hash: view?.hash ?? '' })
    expect(world.slack.home('anna')).toMatchObject({
      id: view?.id,
      content: { blocks: [{ text: { text: 'God aften' } }] },
    })
    expect(
      await refusalOf(world.client.views.publish({ user_id, view: home('a'), hash: view?.hash ?? '' })),
    ).toBe('hash_conflict')
    expect(await refusalOf(world.client.views.publish({ user_id, view: modal() as never }))).toBe(
      'invalid_arguments',
    )
  })
})

describe('buttons of a message', () => {
  let message: Message
  beforeEach(async () => {
    await world.client.chat.postMessage({
      channel: world.general, text: 'Godkend?',
      blocks: [{ type: 'actions', block_id: 'decide', elements: [{ type: 'button', action_id: 'approve', value: 'req_1', text: plain('Godkend') }] }],
    }) // prettier-ignore
    message = world.slack.messages('general').at(-1)!
    await world.slack.settled()
    await world.slack.press('anna', message, 'approve')
  })

  test('tell who pressed which one, where, with the message', () => {
    expect(payload()).toMatchObject({
      type: 'block_actions', user: { id: world.slack.workspace.user('anna').id }, container: { type: 'message', message_ts: message.ts },
      message: { text: 'Godkend?' }, channel: { name: 'general' }, actions: [{ action_id: 'approve', block_id: 'decide', value: 'req_1', type: 'button' }],
    }) // prettier-ignore
  })

  test('bring a URL that replaces the message, answers one person, and is good for five answers', async () => {
    const { response_url: url } = payload()
    const respond = (body: object) =>
      fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    await respond({ replace_original: true, text: 'Godkendt af Anna', blocks: [] })
    expect(message).toMatchObject({ text: 'Godkendt af Anna', blocks: [] })
    await respond({ text: 'kun til dig' })
    expect(world.slack.messages('general').at(-1)).toMatchObject({
      text: 'kun til dig',
      onlyFor: world.slack.workspace.user('anna').id,
    })
    await respond({ response_type: 'in_channel', text: 'til alle' })
    expect(world.slack.messages('general').at(-1)).not.toHaveProperty('onlyFor')
    expect((await respond({ text: '4' })).status).toBe(200)
    expect((await respond({ delete_original: true })).status).toBe(200)
    expect(world.slack.messages('general')).not.toContain(message)
    const sixth = await respond({ text: '6' })
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }])
  })

  test('bring a URL that is good for half an hour', async () => {
    await world.slack.clock.advance(30 * 60_000 + 1)
    const late = await fetch(payload().response_url, { method: 'POST', body: '{}' })
    expect(await late.json()).toMatchObject({ error: 'expired_url' })
  })
})

test('a command’s answer is for its writer alone, unless it says otherwise', async () => {
  answers({ text: 'Her er dine opgaver' })
  await world.slack.command('anna', 'general', '/tekup', 'opgaver')
  expect(payload()).toMatchObject({
    command: '/tekup',
    text: 'opgaver',
    channel_name: 'general',
    is_enterprise_install: 'false',
  })
  expect(world.slack.messages('general').at(-1)).toMatchObject({
    text: 'Her er dine opgaver',
    onlyFor: world.slack.workspace.user('anna').id,
  })
  answers({ response_type: 'in_channel', text: 'Til alle' })
  await world.slack.command('anna', 'general', '/tekup')
  expect(world.slack.messages('general').at(-1)).not.toHaveProperty('onlyFor')
})
