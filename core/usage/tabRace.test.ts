import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endTurn, exhausted, openTurn, usageWorld, use, type UsageWorld } from './testWorld.ts'

let world: UsageWorld
beforeAll(async () => {
  world = await usageWorld()
})
afterAll(() => world.close())

/** One turn of one of two processes: what its calls plan and use, and how it ends. */
interface Turn {
  readonly process: number
  readonly calls: readonly { readonly planned: number; readonly percentUsed: number }[]
  readonly ending: 'settled' | 'crashed' | 'late'
}

const turn: fc.Arbitrary<Turn> = fc.record({
  process: fc.nat(1),
  calls: fc.array(
    fc.record({ planned: fc.integer({ min: 1, max: 20 }), percentUsed: fc.integer({ min: 0, max: 100 }) }),
    { maxLength: 3 },
  ),
  ending: fc.constantFrom('settled', 'settled', 'crashed', 'late'),
})
const lanes = fc.array(fc.array(turn, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 })

/** Tokens that cost one øre. */
const tokens = (minor: number): number => minor * 10_000

test('no budget is passed, however turns of two processes interleave, break off or come late', async () => {
  await fc.assert(
    fc.asyncProperty(lanes, async (plan) => {
      world.anew()
      await world.budget({ mostCost: 60, mostTokens: tokens(60) })
      const late: (() => Promise<void>)[] = []
      await Promise.all(plan.map((lane) => play(lane, late)))
      await Promise.all(world.meters.map((meter) => meter.settled()))
      expect(await heldOrSpent()).toBeLessThanOrEqual(tokens(60))
      await world.leaseRunsOut()
      await world.meters[0].begin(world.planned({ inputTokens: 0, outputTokens: 0 }))
      await Promise.all(late.map((settle) => settle()))
      const spent = await heldOrSpent()
      expect(spent).toBeLessThanOrEqual(tokens(60))
      expect(await world.budgets()).toMatchObject([{ spentTokens: spent }])
    }),
    { numRuns: 25 },
  )
})

async function play(lane: readonly Turn[], late: (() => Promise<void>)[]): Promise<void> {
  for (const { process, calls, ending } of lane) {
    const tab = await openTurn(world, process)
    for (const { planned, percentUsed } of calls) {
      const account = { ...world.account, tab }
      const sent = world.planned({ account, inputTokens: tokens(planned), outputTokens: 0 })
      const open = await world.meters[process]!.begin(sent).catch((fault: unknown) => fault)
      if (open instanceof Error) expect(open).toMatchObject(exhausted)
      else {
        const settle = open as { settle(of: object): Promise<void> }
        await settle.settle(use(Math.floor((tokens(planned) * percentUsed) / 100), 0))
      }
    }
    if (ending === 'settled') await endTurn(world, tab, process)
    if (ending === 'late') late.push(() => endTurn(world, tab, process))
  }
}

/** Tokens of all calls, the open ones at what they hold back. */
async function heldOrSpent(): Promise<number> {
  const { rows } = await world.admin.query<{ tokens: number }>(
    'SELECT coalesce(sum(input_tokens + output_tokens), 0)::int AS tokens FROM platform.usage WHERE tenant_id = $1',
    [world.account.tenant],
  )
  return rows[0]!.tokens
}
