import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller, Inbound } from '#core'
import { shelf } from '#core/testing'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { geminiProtocol } from '../testing/geminiProtocol.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../testing/vendorServer.ts'

describe('a turn and the budgets of its company', () => {
  let openai: VendorServer
  let gemini: VendorServer
  let world: AssistantWorld
  let anna: Caller

  beforeAll(async () => {
    openai = await startVendor(openaiProtocol)
    gemini = await startVendor(geminiProtocol)
    world = await assistantWorld([shelf], {
      ...openaiProtocol.environment(openai.address),
      ...geminiProtocol.environment(gemini.address),
      EGRESS_ALLOW: '127.0.0.1',
    })
  })
  beforeEach(() => {
    anna = world.callerOf(randomUUID())
    const used = { input: 1_000, cached: 0, output: 500, reasoning: 0 }
    for (const vendor of [openai, gemini]) {
      vendor.requests.length = 0
      vendor.script = () => ({ words: ['Good morning.'], used })
    }
  })
  afterAll(async () => {
    await world.settled()
    await world.close()
    await Promise.all([openai.close(), gemini.close()])
  })

  const run = async (name: string, input: object = {}) =>
    (await world.core.invoke(world.core.registry.find(name)!, input, anna)).value as never
  const calls = async () =>
    (await run('platform.usage.list', { limit: 200 }) as { items: { model: string; purpose: string; status: string; measured: string }[] }).items // prettier-ignore
  const say = (text: string, change: Partial<Inbound> = {}) => world.say(text, { caller: anna, ...change })
  const asked = () => openai.requests.length + gemini.requests.length
  /** A million tokens for 1,000 kr., so that a turn of 1,500 tokens costs 1.50 kr. and holds back more than 8 kr. */
  const price = (model: string) =>
    run('platform.modelPrices.create', { model, input: 1_000_000_000, output: 1_000_000_000 })
  const budget = (change: object) =>
    run('platform.budgets.create', { covers: 'company', period: 'month', mostCost: null, ...change })

  test('tells once, in the answer, that a budget comes to its end', async () => {
    await price('openai/gpt-test')
    await budget({ mostCost: 2_000, warnPercent: 10 })
    const told = /Note: \d+% of the company’s AI budget for this month is used\. It renews on 1 \w+\.$/
    expect((await say('hello')).text).toBe('Good morning.')
    expect((await say('hello')).text).toMatch(told)
    expect((await say('hello')).text).toBe('Good morning.')
  })

  test('is counted for its person, its agent, its model and its conversation', async () => {
    const { conversation } = await say('hello')
    expect(await calls()).toMatchObject([
      { personId: anna.actor.id, agentId: 'assistant', conversationId: conversation, purpose: 'turn', model: 'openai/gpt-test', inputTokens: 1_000, outputTokens: 500, priced: 'dearest' }, // prettier-ignore
    ])
  })

  test('every question to a vendor has its reservation: steps, retries, the next model, gists and tests', async () => {
    openai.script = (request, turn) => {
      if (turn === 1) return { refusal: { status: 503, body: '{}' } }
      const isDone = openaiProtocol.results(request).length > 0
      return isDone
        ? { words: ['Added.'] }
        : { calls: [{ name: 'shelf_books_create', args: { title: 'Pan' } }] }
    }
    await say('add Pan')
    openai.script = () => ({
      refusal: { status: 401, body: '{"error":{"message":"no","code":"invalid_api_key"}}' },
    })
    const { conversation } = await say('hello')
    for (let turn = 0; turn < 17; turn++) await say(`hello ${turn}`, { conversation })
    await world.settled()
    const model = { name: 'Own', vendor: 'openai', model: 'gpt-own', baseUrl: `${openai.address}/v1` }
    const { id } = (await run('agents.models.create', model)) as { id: string }
    await run('agents.models.test', { id })

    const kept = await calls()
    expect(kept.map(({ purpose }) => purpose)).toEqual(expect.arrayContaining(['turn', 'summary', 'test']))
    expect(kept.length).toBe(asked())
    expect(kept.filter(({ status }) => status !== 'settled')).toEqual([])
    for (const [name, { requests }] of [
      ['openai', openai],
      ['google', gemini],
    ] as const)
      expect(kept.filter((call) => call.model.startsWith(name)).length, name).toBe(requests.length)
  })

  test('ends in one sentence before anybody is asked, and nobody answers in the model’s stead', async () => {
    await budget({ mostTokens: 100 })
    const { events } = await say('hej', { locale: 'da' })
    expect(asked()).toBe(0)
    const { fault } = events.at(-1) as { fault: { code: string; sentence(locale: 'da'): string } }
    expect(fault.code).toBe('budget_exhausted')
    expect(fault.sentence('da')).toMatch(/^Firmaets AI-budget for denne måned har ikke plads til mere\. Det fornyes den 1\. \w+; en ejer eller administrator kan hæve det før\.$/) // prettier-ignore
    expect(await calls()).toEqual([])
  })

  test('ends where the next model has no room either, though the first one only stumbled', async () => {
    await price('google/gemini-test')
    await run('platform.modelPrices.create', { model: 'openai/gpt-test', input: 0, output: 0 })
    await budget({ mostCost: 100 })
    openai.script = () => ({
      refusal: { status: 401, body: '{"error":{"message":"no","code":"invalid_api_key"}}' },
    })
    expect((await say('hello')).events.at(-1)).toMatchObject({
      type: 'error',
      fault: { code: 'budget_exhausted' },
    })
    expect(gemini.requests).toEqual([])
  })
})

test('the offline model answers whatever the budgets are, costs nothing, and is counted', async () => {
  const world = await assistantWorld([shelf], {})
  const caller = world.callerOf(randomUUID())
  const run = async (name: string, input: object) =>
    (await world.core.invoke(world.core.registry.find(name)!, input, caller)).value
  await run('platform.budgets.create', { covers: 'company', period: 'day', mostCost: 0, mostTokens: 0 })
  expect((await world.say('list books', { caller })).text).not.toBe('')
  const used = (await run('platform.usage.overview', {})) as { calls: number; cost: number }
  expect(used.calls).toBeGreaterThan(0)
  expect(used.cost).toBe(0)
  expect(await world.core.metrics.text()).toMatch(/tekup_model_calls_total\{model="tekup\/offline",measured="reported"\} [1-9]/) // prettier-ignore
  await world.close()
})
