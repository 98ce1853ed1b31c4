import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exchangeCount } from '../database/tenantClient.ts'
import type { BudgetWarning, PlannedCall } from './call.ts'
import type { TurnTab } from './tab.ts'
import { endTurn, exhausted, million, openTurn, usageWorld, use, type UsageWorld } from './testWorld.ts'

let world: UsageWorld
beforeAll(async () => {
  world = await usageWorld()
})
afterAll(() => world.close())
beforeEach(() => world.anew())

const opened = (conversation?: string) => openTurn(world, 0, conversation)
const ended = (tab: TurnTab, conversation?: string) => endTurn(world, tab, 0, conversation)

const on = (tab: TurnTab, change: Partial<PlannedCall> = {}): PlannedCall =>
  world.planned({ account: { ...world.account, tab }, inputTokens: 20_000, outputTokens: 10_000, ...change })

async function call(tab: TurnTab, used = 1_000, change: Partial<PlannedCall> = {}): Promise<void> {
  await (await world.meters[0].begin(on(tab, change))).settle(use(used, used))
}

/** A first turn, which has no purse yet and is counted call by call. */
async function firstTurn(): Promise<void> {
  const tab = await opened()
  await call(tab)
  await world.meters[0].settled()
  await ended(tab)
}

const statuses = async () => (await world.calls()).map(({ status }) => status)

describe('the purse of a turn', () => {
  test('is there from a person’s second turn on, and pays for its calls without an exchange', async () => {
    await world.budget({ mostCost: 1_000 })
    await firstTurn()
    const tab = await opened()
    const before = exchangeCount.exchanges
    await call(tab)
    await call(tab, 2_000)
    expect(exchangeCount.exchanges - before).toBe(0)
    await ended(tab)
    expect(exchangeCount.exchanges - before).toBe(1)
    const usual = { status: 'settled', purpose: 'turn', model: 'vendor/model', personId: world.account.person, measured: 'reported' } // prettier-ignore
    expect(await world.calls()).toMatchObject([
      { ...usual, calls: 2, inputTokens: 3_000, outputTokens: 3_000, costMicros: 6_000, milliseconds: 20 },
      { ...usual, calls: 1, inputTokens: 1_000, outputTokens: 1_000, costMicros: 2_000, milliseconds: 10 },
    ])
    expect(await world.budgets()).toMatchObject([{ spentTokens: 8_000 }])
  })

  test('is as large as its conversation needs, whatever the person asked elsewhere meanwhile', async () => {
    const [long, short] = [randomUUID(), randomUUID()]
    const turn = async (conversation: string, inputTokens: number) => {
      const tab = await opened(conversation)
      const before = exchangeCount.exchanges
      await call(tab, 500, { inputTokens })
      await world.meters[0].settled()
      await ended(tab, conversation)
      return exchangeCount.exchanges - before
    }
    await turn(long, 60_000)
    await turn(short, 1_000)
    expect(await turn(long, 62_000)).toBe(1)
    expect(await turn(short, 1_200)).toBe(1)
  })

  test('tells of calls that the vendor did not count by themselves', async () => {
    await firstTurn()
    const tab = await opened()
    await call(tab)
    await (await world.meters[0].begin(on(tab))).settle({ ...use(500, 500), measured: 'estimated' })
    await call(tab)
    await ended(tab)
    expect(await world.calls()).toMatchObject([
      { measured: 'estimated', calls: 1, inputTokens: 500, costMicros: 1_000 },
      { measured: 'reported', calls: 2, inputTokens: 2_000, costMicros: 4_000 },
      { calls: 1 },
    ])
    expect(await world.run('platform.usage.overview', {})).toMatchObject({ calls: 4, estimatedCalls: 1 })
  })

  test('is given back where nobody called for it', async () => {
    await world.budget({ mostTokens: million })
    await firstTurn()
    await ended(await opened())
    expect(await statuses()).toEqual(['settled'])
    expect(await world.budgets()).toMatchObject([{ spentTokens: 2_000 }])
  })

  test('holds back from others while the turn runs, and what it did not use is free after it', async () => {
    await world.budget({ mostTokens: 70_000 })
    await firstTurn()
    const tab = await opened()
    expect(await statuses()).toEqual(['reserved', 'settled'])
    const other = world.planned({ inputTokens: 40_000, outputTokens: 0 })
    await expect(world.meters[1].begin(other)).rejects.toMatchObject(exhausted)
    await ended(tab)
    await expect(world.meters[1].begin(other)).resolves.toBeDefined()
  })

  test('is not held back where a budget has no room for it, and its calls are then counted by themselves', async () => {
    await world.budget({ mostTokens: 33_000 })
    await firstTurn()
    const tab = await opened()
    expect(await statuses()).toEqual(['settled'])
    await call(tab, 500)
    await ended(tab)
    await expect(world.meters[0].begin(on(await opened()))).resolves.toBeDefined()
    await expect(world.meters[0].begin(on(await opened()))).rejects.toMatchObject(exhausted)
  })

  test.each([
    ['another model', { model: 'vendor/other' }],
    [
      'another price',
      { pricing: { basis: 'dearest', price: { currency: 'DKK', input: 1, cached: 1, output: 1 } } },
    ],
    ['a prompt that is far longer', { inputTokens: 50_000 }],
  ] as const)('does not pay for %s, nor stands in its way', async (_, change) => {
    await world.budget({ mostTokens: 64_000 })
    await firstTurn()
    const tab = await opened()
    await call(tab, 1_000, change)
    await world.meters[0].settled()
    expect(await statuses()).toEqual(['settled', 'settled'])
    await ended(tab)
    expect(await world.budgets()).toMatchObject([{ spentTokens: 4_000 }])
  })

  test('does not pay for more calls than it has room for', async () => {
    await world.budget({ mostTokens: 100_000 })
    await firstTurn()
    const tab = await opened()
    await call(tab, 12_000)
    const before = exchangeCount.exchanges
    await call(tab, 1_000)
    await world.meters[0].settled()
    expect(exchangeCount.exchanges - before).toBe(3)
    await ended(tab)
    expect(await world.budgets()).toMatchObject([{ spentTokens: 28_000 }])
  })

  test('lets a warning be told in the answer: what brings a budget near its end is counted before', async () => {
    await world.budget({ mostTokens: 80_000, warnPercent: 10 })
    await firstTurn()
    const warnings: BudgetWarning[] = []
    const heard = { warn: (warning: BudgetWarning) => void warnings.push(warning) }
    const tab = await opened()
    await call(tab, 1_500, heard)
    await world.meters[0].settled({ ...world.account, tab })
    expect(warnings).toEqual([])
    await call(tab, 2_000, heard)
    await world.meters[0].settled({ ...world.account, tab })
    expect(warnings).toMatchObject([{ covers: 'company', percent: 11 }])
    await ended(tab)
    expect(await world.budgets()).toMatchObject([{ spentTokens: 9_000 }])
  })

  test('counts as all of it once its lease is over, and settling it late corrects that', async () => {
    await world.budget({ mostTokens: million })
    await firstTurn()
    const tab = await opened()
    await call(tab)
    await world.leaseRunsOut()
    await world.meters[1].begin(world.planned({ inputTokens: 0, outputTokens: 0 }))
    expect(await statuses()).toContain('abandoned')
    expect(await world.budgets()).toMatchObject([{ spentTokens: 2_000 + 1_000 + 26_000 + 11_000 }])
    await ended(tab)
    expect(await world.budgets()).toMatchObject([{ spentTokens: 4_000 }])
  })

  test('counts a call that nobody settled as all that was planned for it', async () => {
    await world.budget({ mostTokens: million })
    await firstTurn()
    const tab = await opened()
    await world.meters[0].begin(on(tab))
    await ended(tab)
    expect(await world.calls()).toMatchObject([
      { status: 'settled', measured: 'estimated', inputTokens: 20_000, outputTokens: 10_000 },
      { status: 'settled' },
    ])
  })

  test('counts calls that cost nothing with the turn’s end', async () => {
    const tab = await opened()
    await call(tab, 100, { pricing: { basis: 'free' } })
    expect(await world.calls()).toEqual([])
    await ended(tab)
    expect(await world.calls()).toMatchObject([{ priced: 'free', costMicros: 0, inputTokens: 100 }])
  })
})
