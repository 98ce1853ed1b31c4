import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AnyOperation, Caller } from '#core'
import { shelf } from '#core/testing'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../testing/vendorServer.ts'
import { unpacked } from './packed.ts'
import type { Trace } from './trace.ts'
import type { z } from 'zod'

type Kept = z.output<typeof Trace>

describe('a trace', () => {
  let vendor: VendorServer
  let world: AssistantWorld
  let anna: Caller

  beforeAll(async () => {
    vendor = await startVendor(openaiProtocol)
    world = await assistantWorld([shelf], {
      ...openaiProtocol.environment(vendor.address),
      EGRESS_ALLOW: new URL(vendor.address).host,
    })
  })
  beforeEach(() => {
    anna = world.callerOf(randomUUID())
    vendor.script = (request) =>
      openaiProtocol.results(request).length === 0
        ? { calls: [{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }] }
        : { words: ['Added ', 'it.'] }
  })
  afterEach(() => vi.useRealTimers())
  afterAll(async () => {
    await world.close()
    await vendor.close()
  })

  const find = (name: string): AnyOperation => world.core.registry.find(name)!
  const call = async (name: string, input: object, caller = anna) =>
    (await world.core.invoke(find(name), input, caller)).value
  const lines = async (caller = anna) =>
    ((await call('agents.traces.list', {}, caller)) as { items: Kept[] }).items
  const confirmed = async (name: string, input: object) => {
    const refused = (await call(name, input).catch((error: unknown) => error)) as {
      details: { confirm: string }
    }
    return call(name, input, { ...anna, confirmation: refused.details.confirm })
  }

  /** What the company's traces keep by themselves, as text. */
  const keptByThemselves = async () => {
    const { rows } = await world.admin.query<{ packed: Buffer; row: string }>(`SELECT packed, (to_jsonb(t) - 'packed')::text AS row FROM agents.traces t WHERE tenant_id = $1 ORDER BY id`, [anna.tenant.id]) // prettier-ignore
    return rows.map(({ packed, row }) => ({ text: row + JSON.stringify(unpacked(packed)), packed }))
  }
  /** As if the turns so far had been so many days earlier. */
  const ago = (days: number) =>
    world.admin.query(
      `UPDATE agents.traces SET started_at = started_at - $2 * interval '1 day',
        id = overlay(id::text PLACING left(agents.first_id_at(started_at - $2 * interval '1 day')::text, 13) FROM 1)::uuid
      WHERE tenant_id = $1`,
      [anna.tenant.id, days],
    )
  /** Moves the clock of the program on. */
  const pass = (hours: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3_600_000 })

  test('is left by every turn, with what the models were told, offered and answered, and what was called', async () => {
    const { conversation, calls } = await world.say('add Niels Lyhne', { caller: anna })
    const [line] = await lines()
    expect(line).toMatchObject({ conversationId: conversation, status: 'done', calls: 1, models: ['openai/gpt-test', 'openai/gpt-test'], message: 'add Niels Lyhne' }) // prettier-ignore
    const used = (await call('platform.usage.list', { conversationId: conversation })) as { items: { costMicros: number }[] } // prettier-ignore
    expect(line!.costMicros).toBe(used.items.reduce((sum, { costMicros }) => sum + costMicros, 0))
    expect(line).toMatchObject({ currency: 'DKK', costMicros: expect.toSatisfy((cost: number) => cost > 0) })
    expect(line!.totalMs).toBeGreaterThanOrEqual(line!.firstTokenMs as number)
    const trace = (await call('agents.traces.get', { id: line!.id })) as Kept
    const [first, second] = trace.steps
    expect(first!.told.map(({ role }) => role)).toEqual(['system', 'person'])
    expect(first!.told[0]!.text).toContain('You are TekUp')
    expect(first!.tools).toContain('shelf_books_create')
    expect(first!.calls).toHaveLength(1)
    expect(second!.told).toMatchObject([{ role: 'agent', calls: first!.calls }, { role: 'tool', calls: first!.calls }]) // prettier-ignore
    expect(second!.answer).toBe('Added it.')
    expect(trace).toMatchObject({ message: 'add Niels Lyhne', reply: 'Added it.', made: [{ id: calls[0]!.id, operation: 'shelf.books.create', output: { title: 'Niels Lyhne' } }] }) // prettier-ignore
  })

  test('tells of a model that did not answer, and of the one that answered instead', async () => {
    vendor.script = () => ({ refusal: { status: 401, body: '{"error":{"message":"Incorrect API key"}}' } })
    await world.say('list books', { caller: anna })
    const [line] = await lines()
    expect(line!.models.at(-1)).toBe('tekup/offline')
    const trace = (await call('agents.traces.get', { id: line!.id })) as Kept
    expect(trace.steps[0]!.error).toContain('401')
    expect(trace.steps.at(-1)!.error).toBeNull()
  })

  test('holds no key that somebody pasted', async () => {
    vendor.script = () => ({ words: ['Keep sk-abcdefghijklmnopqrstuvwx to yourself.'] })
    await world.say('my key is tk_0123456789abcdef0123456789abcdef_abc and sk-abcdefghijklmnopqrstuvwx', { caller: anna }) // prettier-ignore
    const [kept, ...more] = await keptByThemselves()
    expect(more).toEqual([])
    expect(kept!.text).not.toMatch(/sk-abc|tk_0123/)
    expect(kept!.text).toContain('my key is [secret]')
    expect(await lines()).toMatchObject([{ message: 'my key is [secret] and [secret]' }])
  })

  test('tells what was said before, and keeps of it only what the conversation may not show in a trace', async () => {
    const toldBefore = async () => {
      const [line] = await lines()
      const { steps } = (await call('agents.traces.get', { id: line!.id })) as Kept
      const kept = (await keptByThemselves()).at(-1)!.text
      return { told: steps[0]!.told.slice(1).map(({ role, text }) => [role, text]), kept }
    }
    const { conversation } = await world.say('add Niels Lyhne', { caller: anna })
    await world.say('my key is here', { caller: anna, conversation })
    const before = [['person', 'add Niels Lyhne'], ['agent', 'Added it.']] // prettier-ignore
    const second = await toldBefore()
    expect(second.told).toEqual([...before, ['person', 'my key is here']])
    expect(second.kept).not.toContain('add Niels Lyhne')
    await world.say('it is sk-abcdefghijklmnopqrstuvwx', { caller: anna, conversation })
    await world.say('and again', { caller: anna, conversation })
    const fourth = await toldBefore()
    expect(fourth.told).toContainEqual(['person', 'it is [secret]'])
    expect(fourth.told).toContainEqual(before[0])
    expect(fourth.told.at(-1)).toEqual(['person', 'and again'])
    expect(fourth.kept).not.toContain('sk-abc')
  })

  test('keeps by itself nothing that the conversation keeps, and a prompt once for all turns', async () => {
    await world.say('add Niels Lyhne', { caller: anna })
    await world.say('add Niels Lyhne again', { caller: anna })
    for (const { text, packed } of await keptByThemselves()) {
      for (const said of ['Niels Lyhne', 'Added it.', 'You are TekUp', 'shelf_books_create'])
        expect(text).not.toContain(said)
      expect(packed.length).toBeLessThan(200)
    }
    const { rows } = await world.admin.query('SELECT text FROM agents.prompts WHERE tenant_id = $1 ORDER BY text', [anna.tenant.id]) // prettier-ignore
    expect(rows).toMatchObject([
      { text: expect.stringContaining('You are TekUp') },
      { text: expect.stringContaining('shelf_books_create') },
    ])
    const traces = await Promise.all(
      (await lines()).map(({ id }) => call('agents.traces.get', { id }) as Promise<Kept>),
    )
    for (const { message, reply, made, steps } of traces) {
      expect(message).toMatch(/^add Niels Lyhne/)
      expect(reply).toBe('Added it.')
      expect(made).toMatchObject([{ operation: 'shelf.books.create', input: { title: 'Niels Lyhne' }, totalMs: expect.any(Number) }]) // prettier-ignore
      expect(steps[0]!.told[0]!.text).toMatch(/^You are TekUp[^]*\nIt is \d{4}-/)
      expect(steps[1]!.tools).toEqual(steps[0]!.tools)
      expect(steps[1]!.answer).toBe('Added it.')
    }
  })

  test('keeps a long text that is told again once, with its conversation', async () => {
    const long = `it is sk-abcdefghijklmnopqrstuvwx ${'and '.repeat(100)}`
    const { conversation } = await world.say(long, { caller: anna })
    for (const text of ['one', 'two']) await world.say(text, { caller: anna, conversation })
    const told = long.replace(/sk-\w+/, '[secret]')
    for (const { text } of await keptByThemselves().then((kept) => kept.slice(1)))
      expect(text).not.toContain(told)
    const trace = (await call('agents.traces.get', { id: (await lines())[0]!.id })) as Kept
    expect(trace.steps[0]!.told).toContainEqual({ role: 'person', text: told, calls: [] })
    const texts = () => world.admin.query('SELECT 1 FROM agents.prompts WHERE tenant_id = $1 AND text = $2', [anna.tenant.id, told]) // prettier-ignore
    expect((await texts()).rowCount).toBe(1)
    await confirmed('platform.conversations.delete', { id: conversation })
    expect((await texts()).rowCount).toBe(0)
  })

  test('that was kept before traces were packed is read as it was', async () => {
    const { conversation, calls } = await world.say('add Niels Lyhne', { caller: anna })
    const [line] = await lines()
    const packedTrace = (await call('agents.traces.get', { id: line!.id })) as Kept
    const asBefore = {
      times: { [calls[0]!.id]: { atMs: 1, totalMs: 2 } },
      steps: packedTrace.steps.map(({ told, tools, answer, ...step }, index) => ({
        ...step,
        ...(index === 0 && { tools, answer }),
        told:
          index > 0 ? told : [{ role: 'system', prompt: 'ff', text: '\nIt is late.', calls: [] }, told[1]],
      })),
    }
    await world.admin.query(
      `WITH old AS (UPDATE agents.traces SET packed = NULL, message_id = NULL, reply_id = NULL,
          body = $2::jsonb || jsonb_build_object('messageId', message_id, 'replyId', reply_id) WHERE tenant_id = $1),
        legible AS (UPDATE platform.messages SET calls = $3, packed_calls = NULL WHERE tenant_id = $1 AND role = 'agent')
      INSERT INTO agents.prompts (tenant_id, hash, text, seen_on) VALUES ($1, '\\xff', 'You are old.', now())`,
      [anna.tenant.id, JSON.stringify(asBefore), JSON.stringify(calls)],
    )
    expect(await lines()).toMatchObject([{ conversationId: conversation, message: 'add Niels Lyhne' }])
    const read = (await call('agents.traces.get', { id: line!.id })) as Kept
    expect(read.made).toMatchObject([{ operation: 'shelf.books.create', atMs: 1, totalMs: 2 }])
    expect(read.steps[0]!.told[0]!.text).toBe('You are old.\nIt is late.')
    expect({ ...read, made: [], steps: read.steps.slice(1) }).toEqual({ ...packedTrace, made: [], steps: packedTrace.steps.slice(1) }) // prettier-ignore
  })

  test('lets go of a prompt with the last trace that names it', async () => {
    // A day of the program's own, in whose middle nothing comes near to its end.
    vi.useFakeTimers({ toFake: ['Date'], now: new Date().setUTCHours(12, 0) })
    const older = (days: number, text: string) =>
      world.admin.query(
        `UPDATE agents.prompts SET seen_on = seen_on - $2::int, text = 'old' WHERE tenant_id = $1 AND text LIKE $3`,
        [anna.tenant.id, days, text],
      )
    const kept = async () =>
      (await world.admin.query('SELECT text FROM agents.prompts WHERE tenant_id = $1 ORDER BY text', [anna.tenant.id])).rows // prettier-ignore
    await world.say('one', { caller: anna })
    await older(29, 'You are%')
    await world.admin.query(`UPDATE agents.prompts SET hash = '\\x00' WHERE text = 'old'`)
    pass(24)
    await world.say('two', { caller: anna })
    expect((await kept()).map(({ text }) => text)).toContain('old')
    await older(1, 'old')
    pass(1)
    await world.say('three', { caller: anna })
    expect(await kept()).toMatchObject([
      { text: expect.stringContaining('You are') },
      { text: expect.stringContaining('shelf_books') },
    ])
  })

  test('is asked again with another model and another prompt, and nothing is called', async () => {
    const { calls } = await world.say('add Niels Lyhne', { caller: anna })
    const [line] = await lines()
    const { id: modelId } = (await call('agents.models.create', { name: 'Another', vendor: 'openai', model: 'gpt-other', baseUrl: `${vendor.address}/v1` })) as { id: string } // prettier-ignore
    vendor.requests.length = 0
    vendor.script = (request) =>
      openaiProtocol.results(request).length === 0
        ? { calls: [{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }, { id: 'b', name: 'shelf_books_create', args: { title: 'Another' } }] } // prettier-ignore
        : { words: ['As before.'] }
    const replayed = (await call('agents.traces.replay', { id: line!.id, modelId, prompt: 'You are terse.' })) as { reply: string; calls: { recorded: boolean }[] } // prettier-ignore
    expect(replayed.reply).toBe('As before.')
    expect(replayed.calls.map(({ recorded }) => recorded)).toEqual([true, false])
    const sent = JSON.stringify(vendor.requests)
    expect(sent).toContain('You are terse.')
    expect(sent).not.toContain('You are TekUp')
    expect(openaiProtocol.results(vendor.requests.at(-1))[0]).toContain(
      (calls[0]!.output as { id: string }).id,
    )
    expect((await world.admin.query('SELECT 1 FROM shelf.books WHERE tenant_id = $1', [anna.tenant.id])).rowCount).toBe(1) // prettier-ignore
  })

  test('is not seen by another company', async () => {
    await world.say('add it', { caller: anna })
    const [line] = await lines()
    const stranger = world.callerOf(randomUUID())
    expect(await lines(stranger)).toEqual([])
    await expect(call('agents.traces.get', { id: line!.id }, stranger)).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('is kept for as many days as the company says, and not a day longer', async () => {
    await world.say('one', { caller: anna })
    await ago(31)
    expect(await lines()).toEqual([])
    pass(1)
    await world.say('two', { caller: anna })
    expect((await world.admin.query('SELECT 1 FROM agents.traces WHERE tenant_id = $1', [anna.tenant.id])).rowCount).toBe(1) // prettier-ignore
    pass(1)
    await confirmed('agents.retention.update', { days: 0 })
    await world.say('three', { caller: anna })
    expect((await world.admin.query('SELECT 1 FROM agents.traces WHERE tenant_id = $1', [anna.tenant.id])).rowCount).toBe(0) // prettier-ignore
  })

  test('goes with its conversation', async () => {
    const { conversation } = await world.say('add it', { caller: anna })
    await confirmed('platform.conversations.delete', { id: conversation })
    expect(await lines()).toEqual([])
  })
})
