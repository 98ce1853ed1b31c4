import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exchangeCount } from '../database/tenantClient.ts'
import { updateBudget } from './budgets.ts'
import { budgetWarning } from './budgetFault.ts'
import type { BudgetWarning } from './call.ts'
import { exhausted, million, usageWorld, use, type UsageWorld } from './testWorld.ts'
import { keepUsage } from './upkeep.ts'

describe('the usage of models', () => {
  let world: UsageWorld
  beforeAll(async () => {
    world = await usageWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.anew())

  test('is written down call by call: whose, which model, tokens, time and cost', async () => {
    world.account = { ...world.account, conversation: randomUUID() }
    const open = await world.meters[0].begin(world.planned())
    expect(await world.calls()).toMatchObject([{ status: 'reserved', costMicros: 2_000_000 }])
    await open.settle(
      use(600_000, 200_000, { cachedTokens: 400_000, reasoningTokens: 50_000, milliseconds: 1_234 }),
    )
    expect(await world.calls()).toMatchObject([
      {
        status: 'settled',
        personId: world.account.person,
        agentId: 'assistant',
        conversationId: world.account.conversation,
        purpose: 'turn',
        model: 'vendor/model',
        inputTokens: 600_000,
        cachedTokens: 400_000,
        outputTokens: 200_000,
        reasoningTokens: 50_000,
        milliseconds: 1_234,
        costMicros: 200_000 + 200_000 + 200_000,
        currency: 'DKK',
        priced: 'list',
        measured: 'reported',
      },
    ])
  })

  test('costs what it cost when the call was made, whatever the price becomes', async () => {
    const price = { model: 'vendor/model', input: 3_000_000, output: 3_000_000 }
    const open = await world.meters[0].begin(world.planned())
    await world.run('platform.modelPrices.create', price)
    await open.settle(use(million, 0))
    await (await world.meters[0].begin(world.planned())).settle(use(million, 0))
    expect((await world.calls()).map(({ costMicros, priced }) => [costMicros, priced])).toEqual([
      [3_000_000, 'own'],
      [1_000_000, 'list'],
    ])
  })

  test('is counted in the company’s own currency', async () => {
    await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name, settings) VALUES ($1, 'Test', '{"currency":"EUR"}')`, [world.account.tenant]) // prettier-ignore
    const dollars = {
      basis: 'list',
      price: { currency: 'USD', input: million, cached: 0, output: 0 },
    } as const
    await (await world.meters[0].begin(world.planned({ pricing: dollars }))).settle(use(million, 0))
    expect(await world.calls()).toMatchObject([{ currency: 'EUR', costMicros: 940_000 }])
    expect(await world.budget({ mostCost: 100 })).toMatchObject({
      currency: 'EUR',
      spentCost: 94,
      usedPercent: 94,
    })
  })

  test('of a free call needs no room in any budget, and is written down all the same', async () => {
    await world.budget({ mostCost: 0, mostTokens: 0 })
    const open = await world.meters[0].begin(world.planned({ pricing: { basis: 'free' } }))
    expect(await world.calls()).toEqual([])
    await open.settle(use(100, 50))
    expect(await world.calls()).toMatchObject([
      { priced: 'free', costMicros: 0, inputTokens: 100, milliseconds: 10 },
    ])
    expect(await world.budgets()).toMatchObject([{ spentTokens: 0 }])
  })

  test('costs one exchange with the database before a call and one after it, and a free one only the last', async () => {
    await world.budget({ mostCost: 1_000_000 })
    for (const [pricing, before] of [
      [world.planned().pricing, 1],
      [{ basis: 'free' }, 0],
    ] as const) {
      const start = exchangeCount.exchanges
      const open = await world.meters[0].begin(world.planned({ pricing }))
      expect(exchangeCount.exchanges - start).toBe(before)
      await open.settle(use(million, million))
      expect(exchangeCount.exchanges - start).toBe(before + 1)
    }
  })

  test('stops at a budget before the call is made, in one sentence of each language', async () => {
    world.now = new Date('2026-11-21T10:00:00Z')
    await world.budget({ mostCost: 300 })
    await (await world.meters[0].begin(world.planned())).settle(use(million, million))
    const refusal = await world.meters[1].begin(world.planned()).catch((fault: unknown) => fault)
    expect(refusal).toMatchObject(exhausted)
    const { sentence } = refusal as { sentence(locale: string): string }
    expect(sentence.call(refusal, 'da')).toBe('Firmaets AI-budget for denne måned har ikke plads til mere. Det fornyes den 1. december; en ejer eller administrator kan hæve det før.') // prettier-ignore
    expect(sentence.call(refusal, 'en')).toBe('The company’s AI budget for this month has no room for more. It renews on 1 December; an owner or admin can raise it before then.') // prettier-ignore
    expect((refusal as { details: object }).details).toMatchObject({ renewsAt: '2026-11-30T23:00:00+00:00' })
    expect(await world.calls()).toHaveLength(1)
  })

  test('begins anew with the company’s own day and month', async () => {
    world.now = new Date('2026-11-30T22:59:00Z')
    await world.budget({ mostCost: 200, period: 'month' })
    await world.budget({ mostTokens: 2 * million, period: 'day' })
    await (await world.meters[0].begin(world.planned())).settle(use(million, million))
    await expect(world.meters[0].begin(world.planned())).rejects.toMatchObject(exhausted)
    world.now = new Date('2026-11-30T23:00:00Z')
    await expect(world.meters[0].begin(world.planned())).resolves.toBeDefined()
  })

  test('is held against the person’s and the agent’s own budgets, and leaves the others theirs', async () => {
    await world.budget({ covers: 'person', mostCost: 200 })
    await world.budget({ covers: 'agent', agentId: 'bookkeeper', mostTokens: 0 })
    await world.meters[0].begin(world.planned())
    await expect(world.meters[0].begin(world.planned())).rejects.toMatchObject({
      ...exhausted,
      details: { covers: 'person' },
    })
    const colleague = { ...world.account, person: randomUUID() }
    await expect(world.meters[0].begin(world.planned({ account: colleague }))).resolves.toBeDefined()
    const bookkeeper = { ...colleague, person: randomUUID(), agent: 'bookkeeper' }
    await expect(world.meters[0].begin(world.planned({ account: bookkeeper }))).rejects.toMatchObject({
      details: { covers: 'agent' },
    })
  })

  test('counts for a budget that is made in the middle of its period', async () => {
    await (await world.meters[0].begin(world.planned())).settle(use(million, million))
    const open = await world.meters[0].begin(world.planned())
    const made = await world.budget({ mostCost: 500 })
    expect(made).toMatchObject({ spentCost: 200, spentTokens: 2 * million, usedPercent: 40 })
    await open.settle(use(million, 0))
    expect(await world.budgets()).toMatchObject([{ spentCost: 300 }])
  })

  test('warns once in a period when a budget comes near its end, and again when it was raised', async () => {
    world.now = new Date('2026-11-21T10:00:00Z')
    const { id } = await world.budget({ mostCost: 1_000, warnPercent: 25 })
    const heard: BudgetWarning[] = []
    const warn = (warning: BudgetWarning): void => void heard.push(warning)
    await (await world.meters[0].begin(world.planned())).settle(use(million, million))
    await (await world.meters[0].begin(world.planned())).settle(use(million, million))
    expect(heard).toEqual([])
    for (let call = 0; call < 2; call++)
      await (await world.meters[1].begin(world.planned({ warn }))).settle(use(500_000, 0))
    expect(heard).toMatchObject([{ percent: 45, covers: 'company' }])
    expect(budgetWarning(heard[0]!, 'da')).toBe('Bemærk: 45 % af firmaets AI-budget for denne måned er brugt. Det fornyes den 1. december.') // prettier-ignore
    await world.core.invoke(updateBudget, { id, mostCost: 900 }, world.caller)
    await (await world.meters[1].begin(world.planned({ warn }))).settle(use(500_000, 0))
    expect(heard).toHaveLength(2)
  })

  test('of a call that nobody settles counts as all that was held back, until it is settled late', async () => {
    await world.budget({ mostCost: 300 })
    const open = await world.meters[0].begin(world.planned())
    await expect(world.meters[1].begin(world.planned())).rejects.toMatchObject(exhausted)
    await world.leaseRunsOut()
    await expect(world.meters[1].begin(world.planned())).rejects.toMatchObject(exhausted)
    expect(await world.calls()).toMatchObject([{ status: 'abandoned', measured: 'estimated' }])
    expect(await world.budgets()).toMatchObject([{ spentCost: 200 }])
    await open.settle(use(100_000, 0))
    await open.settle(use(900_000, 0))
    expect(await world.budgets()).toMatchObject([{ spentCost: 10, spentTokens: 100_000 }])
    await expect(world.meters[1].begin(world.planned())).resolves.toBeDefined()
  })

  test('is summed by conversation, and a conversation is called by its person', async () => {
    const { tenant, person } = world.account
    const [conversation, other] = [randomUUID(), randomUUID()]
    await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test')`, [tenant])
    await world.admin.query(
      `INSERT INTO platform.people (id, email, name, password_hash) VALUES ($1, 'mikkel@nordlys.example', 'Mikkel', '')`,
      [person],
    )
    await world.admin.query(
      `INSERT INTO platform.memberships (tenant_id, person_id, email, role) VALUES ($1, $2, 'mikkel@nordlys.example', 'employee')`,
      [tenant, person],
    )
    await world.admin.query(
      `INSERT INTO platform.conversations (tenant_id, id, person_id, title) VALUES ($1, $2, $3, 'A secret')`,
      [tenant, conversation, person],
    )
    for (const spoken of [conversation, conversation, other, undefined])
      await (
        await world.meters[0].begin(
          world.planned({ account: { ...world.account, ...(spoken && { conversation: spoken }) } }),
        )
      ).settle(use(million, 0))
    const told = (await world.run('platform.usage.overview', { by: 'conversation' })) as { groups: object[] }
    expect(told.groups).toMatchObject([
      { key: conversation, name: 'Mikkel', calls: 2, cost: 200 },
      expect.anything(),
      expect.anything(),
    ])
    expect(JSON.stringify(told)).not.toContain('secret')
  })

  test('of old days is kept as sums, which the overview tells on from', async () => {
    await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test')`, [
      world.account.tenant,
    ])
    for (const day of [
      '2026-01-05T12:00:00Z',
      '2026-01-05T22:00:00Z',
      '2026-01-05T23:30:00Z',
      '2026-01-07T12:00:00Z',
    ]) {
      world.now = new Date(day)
      await (await world.meters[0].begin(world.planned())).settle(use(million, 0))
    }
    const told = { from: '2026-01-01', to: '2026-01-31', by: 'person' }
    const before = await world.run('platform.usage.overview', told)
    expect(before).toMatchObject({
      currency: 'DKK',
      calls: 4,
      inputTokens: 4 * million,
      cost: 400,
      days: [
        { day: '2026-01-05', calls: 2 },
        { day: '2026-01-06', calls: 1 },
        { day: '2026-01-07', calls: 1 },
      ],
      groups: [{ key: world.account.person, calls: 4 }],
    })
    world.now = new Date('2026-04-07T12:00:00Z')
    await Promise.all([
      keepUsage({ database: world.database, clock: world.clock }),
      keepUsage({ database: world.second, clock: world.clock }),
    ])
    expect(await world.calls()).toHaveLength(1)
    expect(await world.run('platform.usage.overview', told)).toEqual(before)
  })
})
