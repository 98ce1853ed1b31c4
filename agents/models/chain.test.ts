import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { shelf } from '#core/testing'
import type { Inbound, TurnEvent } from '#core'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { geminiProtocol } from '../testing/geminiProtocol.ts'
import { geminiRefusals } from '../testing/geminiRefusals.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { openaiRefusals } from '../testing/openaiRefusals.ts'
import { startVendor, type VendorAnswer, type VendorServer } from '../testing/vendorServer.ts'

const key = 'sk-key-of-nordlys-that-nobody-may-see-9876'

let first: VendorServer
let second: VendorServer
let world: AssistantWorld
let tenant: string
/** Milliseconds that a vendor may be silent: none of these that answers is given up, however busy the machine is. */
const patience = { first: 60_000, between: 60_000 }
const hello: VendorAnswer = { words: ['Good ', 'morning.'] }

beforeAll(async () => {
  first = await startVendor(openaiProtocol)
  second = await startVendor(geminiProtocol)
  world = await assistantWorld([shelf], { EGRESS_ALLOW: '127.0.0.1' }, patience)
})
afterAll(async () => {
  await world.close()
  await Promise.all([first.close(), second.close()])
})

/** A company of its own for each test, with the two models in this order. */
beforeEach(async () => {
  tenant = randomUUID()
  for (const vendor of [first, second]) {
    vendor.requests.length = 0
    vendor.seen.length = 0
    vendor.script = () => hello
  }
  await add({
    name: 'First',
    vendor: 'openai',
    model: 'gpt-first',
    baseUrl: `${first.address}/v1`,
    apiKey: key,
  })
  await add({
    name: 'Second',
    vendor: 'google',
    model: 'gemini-second',
    baseUrl: second.address,
    apiKey: key,
  })
})

const run = async (name: string, input: object) =>
  (await world.core.invoke(world.core.registry.find(`agents.models.${name}`)!, input, world.callerOf(tenant)))
    .value as { id: string }
const add = (input: object) => run('create', input)
const say = (text: string, change: Partial<Inbound> = {}, onEvent?: (event: TurnEvent) => void) =>
  world.say(text, { caller: world.callerOf(tenant), ...change }, onEvent)
const asked = () => [first.requests.length, second.requests.length]
const failing = (vendor: VendorServer, refusal: NonNullable<VendorAnswer['refusal']>): void =>
  void (vendor.script = () => ({ refusal }))

describe('a company’s models', () => {
  test('are asked in their order, and not those of another company', async () => {
    expect((await say('hello')).text).toBe('Good morning.')
    expect(asked()).toEqual([1, 0])
    expect(first.requests[0].model).toBe('gpt-first')
    await world.say('hello', { caller: world.callerOf(randomUUID()) })
    expect(asked()).toEqual([1, 0])
  })

  test('in another order are asked in that one, from the next turn on', async () => {
    const { items } = (await run('list', {})) as unknown as { items: { id: string; name: string }[] }
    await run('move', { id: items.find(({ name }) => name === 'Second')!.id, place: 1 })
    await say('hello')
    expect(asked()).toEqual([0, 1])
  })

  test('are opened anew when their key or model was changed', async () => {
    await say('hello')
    const { items } = (await run('list', {})) as unknown as { items: { id: string }[] }
    await run('update', { id: items[0]!.id, model: 'gpt-newer', apiKey: `${key}-new` })
    await say('hello')
    expect(first.requests.at(-1).model).toBe('gpt-newer')
    expect(first.seen.at(-1)?.headers.authorization).toBe(`Bearer ${key}-new`)
  })
})

describe('when a model does not answer', () => {
  test('the next one does, and the answer says so in the message’s language', async () => {
    failing(first, openaiRefusals.overloaded)
    expect((await say('hello, who are you?')).text).toBe(
      '(First does not answer right now, so Second answers.)\n\nGood morning.',
    )
    expect(asked()).toEqual([3, 1])
    expect((await say('hej, hvem er du?', { locale: 'en' })).text).toBe(
      '(First svarer ikke lige nu, så Second svarer.)\n\nGood morning.',
    )
  })

  test('and no other does, the offline model ends the chain and names them', async () => {
    failing(first, openaiRefusals.wrongKey)
    failing(second, geminiRefusals.perDay)
    const { text } = await say('list books')
    expect(text).toMatch(/^\(First and Second do not answer right now, so I answer without them\.\)\n\n\S/)
    expect(asked()).toEqual([1, 1])
  })

  test.each([
    ['a wrong key', openaiRefusals.wrongKey, 1],
    ['no such model', openaiRefusals.noModel, 1],
    ['a bad request', openaiRefusals.badRequest, 1],
    ['a time-out of its own', openaiRefusals.timeout, 1],
    ['an empty account', openaiRefusals.quota, 1],
    ['a limit that is over soon', openaiRefusals.rateLimit, 3],
    ['a limit that is over late', openaiRefusals.azureLimit, 1],
    ['trouble of its own', openaiRefusals.broken, 3],
    ['overload', openaiRefusals.veryOverloaded, 3],
  ])('for %s, it is asked as often as makes sense', async (_, refusal, times) => {
    failing(first, refusal)
    expect((await say('hello')).text).toContain('Second answers')
    expect(asked()).toEqual([times, 1])
  })

  test('the wait that Gemini asks for is kept', async () => {
    const { items } = (await run('list', {})) as unknown as { items: { id: string }[] }
    await run('move', { id: items[1]!.id, place: 1 })
    let turnedAway = 0
    second.script = () => {
      if (second.requests.length > 1) return hello
      turnedAway = performance.now()
      return { refusal: geminiRefusals.perMinute }
    }
    expect((await say('hello')).text).toBe('Good morning.')
    expect(performance.now() - turnedAway).toBeGreaterThanOrEqual(50)
  })

  test('three times in a row, it is left alone for a while', async () => {
    failing(first, openaiRefusals.wrongKey)
    for (let turn = 0; turn < 5; turn++) expect((await say('hello')).text).toContain('Second answers')
    expect(asked()).toEqual([3, 5])
  })

  test('for long, its connection is closed and the next one answers', async () => {
    first.script = () => ({ words: ['I am thinking '], hangs: true })
    patience.between = 500
    onTestFinished(() => void (patience.between = 60_000))
    expect((await say('hello')).text).toBe(
      '(First does not answer right now, so Second answers.)\n\nGood morning.',
    )
    await expect.poll(() => first.seen[0]?.left).toBe(true)
    expect(asked()).toEqual([1, 1])
  })
})

describe('when an answer breaks off in the middle', () => {
  test('and the same model writes it anew, nothing is read twice', async () => {
    let heard = Promise.withResolvers<void>()
    first.script = (_, turn) => {
      heard = Promise.withResolvers()
      const said = turn === 1 ? { words: ['Good ', 'mor'], breaksOff: true } : hello
      return { ...said, pausesFor: heard.promise }
    }
    const { text, events } = await say('hello', {}, ({ type }) => type !== 'conversation' && heard.resolve())
    expect(text).toBe('Good morning.')
    const told = events.filter(({ type }) => type === 'text' || type === 'replace')
    expect(told.map((event) => ('text' in event ? ['=', event.text] : ['+', (event as { delta: string }).delta]))).toEqual([
      ['+', 'Good '], ['+', 'mor'], ['=', 'Good '], ['+', 'morning.'],
    ]) // prettier-ignore
  })

  test('and another model writes it anew, the first one’s words are taken back', async () => {
    first.script = () => ({ words: ['Good ', 'mor'], breaksOff: true })
    expect((await say('hello')).text).toBe(
      '(First does not answer right now, so Second answers.)\n\nGood morning.',
    )
  })

  test('what an earlier step said and did stays, and is not done again', async () => {
    const create = { name: 'shelf_books_create', args: { title: 'Pelle Erobreren' } }
    first.script = (request) =>
      openaiProtocol.results(request).length === 0
        ? { words: ['I add it.'], calls: [create] }
        : { words: ['Add'], breaksOff: true }
    second.script = (request) =>
      geminiProtocol.results(request).length === 0 ? { calls: [create] } : { words: ['It is there.'] }
    const { text, calls } = await say('add Pelle Erobreren')
    expect(text).toBe('I add it.\n\n(First does not answer right now, so Second answers.)\n\nIt is there.')
    expect(calls.length).toBe(1)
    const { rowCount } = await world.admin.query('SELECT 1 FROM shelf.books WHERE tenant_id = $1', [tenant])
    expect(rowCount).toBe(1)
  })
})

test('a key reaches its header, and no table of the database, no answer and no event', async () => {
  failing(first, openaiRefusals.wrongKey)
  const said = await say('hello')
  expect(first.seen[0]?.headers.authorization).toBe(`Bearer ${key}`)
  expect(JSON.stringify([said, first.requests, second.requests])).not.toContain(key)
  const { rows } = await world.admin.query<{ name: string }>(`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`)
  for (const { name } of rows) {
    const found = await world.admin.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE $1 OR t::text LIKE $2`, [`%${key}%`, `%${Buffer.from(key).toString('hex')}%`]) // prettier-ignore
    expect(found.rowCount, name).toBe(0)
  }
})
