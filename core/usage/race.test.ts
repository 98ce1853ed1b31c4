import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exhausted, usageWorld, use, type UsageWorld } from './testWorld.ts'

let world: UsageWorld
beforeAll(async () => {
  world = await usageWorld()
})
afterAll(() => world.close())

/** One call of one of two processes: what it holds back, how much of that it uses, and how it ends. */
interface Step {
  readonly process: number
  readonly held: number
  readonly percentUsed: number
  readonly ending: 'settled' | 'crashed' | 'late'
}

const step: fc.Arbitrary<Step> = fc.record({
  process: fc.nat(1),
  held: fc.integer({ min: 1, max: 40 }),
  percentUsed: fc.integer({ min: 0, max: 100 }),
  ending: fc.constantFrom('settled', 'settled', 'crashed', 'late'),
})
const lanes = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 })

/** Tokens that cost one øre. */
const tokens = (minor: number): number => minor * 10_000

test('no budget is passed, however calls of two processes interleave, break off or come late', async () => {
  await fc.assert(
    fc.asyncProperty(lanes, async (plan) => {
      world.anew()
      await world.budget({ mostCost: 100, mostTokens: tokens(100) })
      const late: (() => Promise<void>)[] = []
      const spent = (await Promise.all(plan.map((lane) => play(lane, late)))).reduce(
        (sum, each) => sum + each,
        0,
      )
      expect(await heldOrSpent()).toBeLessThanOrEqual(100)
      await world.leaseRunsOut()
      await world.meters[0].begin(world.planned({ inputTokens: 0, outputTokens: 0 }))
      await Promise.all(late.map((settle) => settle()))
      expect(await world.budgets()).toMatchObject([{ spentCost: spent, spentTokens: tokens(spent) }])
      expect(spent).toBeLessThanOrEqual(100)
    }),
    { numRuns: 25 },
  )
})

/** Makes the calls one after the other; answers what they really cost, where a crash costs all that was held back. */
async function play(lane: readonly Step[], late: (() => Promise<void>)[]): Promise<number> {
  let spent = 0
  for (const { process, held, percentUsed, ending } of lane) {
    const call = world.planned({ inputTokens: tokens(held), outputTokens: 0 })
    const open = await world.meters[process]!.begin(call).catch((fault: unknown) => fault)
    if (open instanceof Error) {
      expect(open).toMatchObject(exhausted)
      continue
    }
    const used = Math.floor((held * percentUsed) / 100)
    const settle = () => (open as { settle(of: object): Promise<void> }).settle(use(tokens(used), 0))
    if (ending === 'settled') await settle()
    if (ending === 'late') late.push(settle)
    spent += ending === 'crashed' ? held : used
  }
  return spent
}

/** Minor units of all calls, the open ones at what they hold back. */
async function heldOrSpent(): Promise<number> {
  const { rows } = await world.admin.query<{ cost: number }>(
    'SELECT coalesce(sum(cost), 0)::int AS cost FROM platform.usage WHERE tenant_id = $1',
    [world.account.tenant],
  )
  return rows[0]!.cost / 10_000
}
