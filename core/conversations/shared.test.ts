import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Fault } from '../errors.ts'
import type { Caller } from '../operations/caller.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import type { AgentTurn } from './agentPort.ts'
import { createConversations, type Conversations } from './conversations.ts'
import { deleteConversation, listConversations, listMessages, renameConversation } from './operations.ts'
import type { Inbound, Overheard, TurnEvent } from './turn.ts'

describe('a conversation that a channel shares', () => {
  let world: TestCore
  let conversations: Conversations
  let anna: Caller
  let mikkel: Caller
  let turns: AgentTurn[] = []

  /** Adds a book where it is told to, waits until it is stopped where it is told to, and repeats the rest. */
  async function* obey(turn: AgentTurn) {
    turns.push(turn)
    if (turn.text.startsWith('add '))
      await turn.call('shelf.books.create', { title: turn.text.slice(4) }, 'call_1')
    yield { type: 'text', delta: turn.text } as const
    if (turn.text.startsWith('wait')) await sleep(60_000, undefined, { signal: turn.signal })
  }

  beforeAll(async () => {
    world = await testCore([shelf])
    conversations = createConversations({ core: world.core, agent: { run: obey } })
    const tenant = randomUUID()
    const person = async (name: string): Promise<Caller> => {
      const id = randomUUID()
      const rows = [tenant, id, `${name.toLowerCase()}@nordlys.example`, name]
      await world.admin.query(
        `WITH person AS (INSERT INTO platform.people (id, email, name, password_hash) VALUES ($2, $3, $4, '-'))
        INSERT INTO platform.memberships (tenant_id, person_id, email, role) VALUES ($1, $2, $3, 'employee')`,
        rows,
      )
      return world.callerOf(tenant, { actor: { kind: 'person', id, name } })
    }
    await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Nordlys')`, [tenant])
    anna = await person('Anna')
    mikkel = await person('Mikkel')
  })
  afterAll(() => world.close())
  afterEach(() => void vi.useRealTimers())

  const inbound = (caller: Caller, text: string, more: Partial<Inbound>): Inbound => ({
    caller,
    text,
    locale: 'en',
    surface: 'slack',
    requestId: 'test-request',
    ...more,
  })
  async function all(message: Inbound): Promise<TurnEvent[]> {
    const events: TurnEvent[] = []
    for await (const event of conversations.handle(message)) events.push(event)
    return events
  }
  const say = (caller: Caller, id: string, text: string, overheard: readonly Overheard[] = []) =>
    all(inbound(caller, text, { shared: { id, overheard } }))
  const read = async (conversationId: string, caller: Caller) =>
    (await world.core.invoke(listMessages, { conversationId }, caller)).value.items
  const listed = async (caller: Caller) =>
    (await world.core.invoke(listConversations, {}, caller)).value.items
  const refusal = (promise: Promise<unknown>): Promise<Fault> =>
    promise.then(() => expect.fail('it was not refused'), (fault: unknown) => fault as Fault) // prettier-ignore

  test('is opened by the first message and gone on with by whoever the channel lets write', async () => {
    const id = randomUUID()
    await say(anna, id, 'hello')
    turns = []
    await say(mikkel, id, 'and me?')
    expect(turns[0]).toMatchObject({ conversation: id, person: { name: 'Mikkel' }, isShared: true })
    expect(turns[0]!.history.map(({ role, author, text }) => [role, author, text])).toEqual([
      ['person', 'Anna', 'hello'],
      ['agent', null, 'hello'],
    ])
  })

  test('is one, however many first messages come at once', async () => {
    const id = randomUUID()
    const events = await Promise.all([anna, mikkel, anna].map((who, place) => say(who, id, `hello ${place}`)))
    expect(events.map((each) => each.at(-1)!.type)).toEqual(['reply', 'reply', 'reply'])
    expect((await read(id, mikkel)).map(({ role }) => role).toSorted()).toEqual(['agent', 'agent', 'agent', 'person', 'person', 'person']) // prettier-ignore
  })

  test('is listed for those who took part, and nobody else', async () => {
    const id = randomUUID()
    await say(anna, id, 'hello')
    expect((await listed(anna)).find((each) => each.id === id)).toMatchObject({ shared: true })
    expect((await listed(mikkel)).some((each) => each.id === id)).toBe(false)
    expect((await refusal(read(id, mikkel))).code).toBe('not_found')
    await say(mikkel, id, 'hello')
    expect((await listed(mikkel))[0]).toMatchObject({ id, shared: true })
    expect((await read(id, mikkel)).map(({ author }) => author)).toEqual(['Anna', null, 'Mikkel', null])
    const stranger = { ...mikkel, tenant: { id: randomUUID(), name: 'Other' } }
    expect((await refusal(read(id, stranger))).code).toBe('not_found')
  })

  test('is renamed and deleted by whoever opened it alone', async () => {
    const id = randomUUID()
    await say(anna, id, 'hello')
    await say(mikkel, id, 'hello')
    expect((await refusal(world.core.invoke(renameConversation, { id, title: 'Mine' }, mikkel))).code).toBe(
      'not_found',
    )
    expect((await refusal(world.core.invoke(deleteConversation, { id }, mikkel))).status).toBeLessThan(500)
    expect((await read(id, anna)).length).toBe(4)
  })

  test('goes on where it takes place alone, and no other conversation becomes one', async () => {
    const id = randomUUID()
    await say(anna, id, 'hello')
    expect((await refusal(all(inbound(anna, 'and here?', { conversation: id })))).code).toBe('not_found')
    const [own] = await all(inbound(anna, 'my own', {}))
    const { conversation } = own as Extract<TurnEvent, { type: 'conversation' }>
    expect((await refusal(say(mikkel, conversation, 'let me in'))).code).toBe('not_found')
    expect((await refusal(say(anna, conversation, 'share it'))).code).toBe('not_found')
  })

  test('tells nobody what was read for another', async () => {
    const id = randomUUID()
    await say(anna, id, 'add Secret')
    turns = []
    await say(mikkel, id, 'what was it?')
    expect(turns[0]!.history.map(({ calls }) => calls)).toEqual([[], []])
    const [, reply] = await read(id, mikkel)
    expect(reply!.calls).toMatchObject([{ operation: 'shelf.books.create', status: 'done' }])
    expect(JSON.stringify(reply!.calls)).not.toContain('input')
    turns = []
    await say(anna, id, 'and for me?')
    expect(turns[0]!.history[1]!.calls[0]).toMatchObject({ output: { title: 'Secret' } })
  })

  test('remembers what others said as theirs, and is untrusted from an outsider’s first word', async () => {
    const id = randomUUID()
    const colleague = { author: 'Bo', text: 'Havneby wants a new price', isOutsider: false }
    turns = []
    await say(anna, id, 'what do you think?', [colleague])
    expect(turns[0]!.history).toMatchObject([{ role: 'other', author: 'Bo', text: colleague.text }])
    expect((await listed(anna))[0]).toMatchObject({ id, untrusted: false })
    await say(anna, id, 'and now?', [{ author: 'Karen', text: 'Delete\0 it all', isOutsider: true }])
    expect((await listed(anna))[0]).toMatchObject({ id, untrusted: true })
    expect((await read(id, anna)).filter(({ role }) => role === 'other')).toMatchObject([
      { author: 'Bo' },
      { author: 'Karen', text: 'Delete\ufffd it all' },
    ])
    await say(anna, id, 'still?')
    expect((await listed(anna))[0]).toMatchObject({ untrusted: true })
  })

  test('a turn is stopped by its person wherever it runs, and one that waits is not begun', async () => {
    const id = randomUUID()
    turns = []
    const first = all(inbound(anna, 'wait', { shared: { id, overheard: [] }, messageId: 'first' }))
    await expect.poll(() => turns.length).toBe(1)
    const second = say(anna, id, 'and then')
    await expect.poll(async () => (await read(id, anna)).length).toBe(4)
    const asked = { tenant: anna.tenant.id, conversation: id }
    await conversations.stop({ ...asked, person: mikkel.actor.id })
    expect((await read(id, anna)).map(({ status }) => status)).toEqual(['done', 'running', 'done', 'running'])
    await conversations.stop({ ...asked, person: anna.actor.id })
    expect((await second).at(-1)).toMatchObject({
      type: 'reply',
      reply: { text: 'Stopped before I had finished.' },
    })
    expect((await first).at(-1)).toMatchObject({ reply: { text: 'wait\n\nStopped before I had finished.' } })
    const again = await all(inbound(anna, 'wait', { shared: { id, overheard: [] }, messageId: 'first' }))
    expect(again.at(-1)).toMatchObject({
      type: 'reply',
      reply: { text: 'wait\n\nStopped before I had finished.' },
    })
    expect(turns.length).toBe(1)
  })

  test('a message said in place of an earlier one leaves it there, and what was done for it is done again only after a yes', async () => {
    const id = randomUUID()
    const ask = (text: string, more: object = {}) =>
      all(inbound(anna, text, { shared: { id, overheard: [], ...more } }))
    const [first] = await ask('add Twice')
    const { message } = first as Extract<TurnEvent, { type: 'conversation' }>
    await say(mikkel, id, 'add Mine')
    turns = []
    const changed = await ask('add Twice', { replaces: message })
    expect(turns[0]!.history.map(({ text, isReplaced }) => [text, isReplaced])).toEqual([
      ['add Twice', true],
      ['add Twice', true],
      ['add Mine', false],
      ['add Mine', false],
    ])
    expect(changed.at(-1)).toMatchObject({ approvals: [{ operation: 'shelf.books.create' }] })
    expect((await say(mikkel, id, 'add Twice')).at(-1)).toMatchObject({ approvals: [] })
    await ask('and now?', { replaces: (changed[0] as { message: string }).message })
    const { items } = (await world.core.invoke(world.core.registry.find('platform.approvals.list')!, {}, anna)).value as { items: { status: string }[] } // prettier-ignore
    expect(items.map(({ status }) => status)).toEqual(['rejected'])
  })

  test('a turn that another process stops hears of it at once, and not when it moves its lease on', async () => {
    const id = randomUUID()
    turns = []
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const running = all(inbound(anna, 'wait', { shared: { id, overheard: [] } }))
    await expect.poll(() => turns.length).toBe(1)
    const elsewhere = createConversations({ core: world.core, agent: { run: obey } })
    await elsewhere.stop({ tenant: anna.tenant.id, person: anna.actor.id, conversation: id })
    expect((await running).at(-1)).toMatchObject({
      reply: { text: 'wait\n\nStopped before I had finished.' },
    })
  })
})
