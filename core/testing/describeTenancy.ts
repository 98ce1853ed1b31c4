import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnyOperation } from '../operations/operation.ts'
import type { Plugin } from '../operations/plugin.ts'
import { testCore, type TestCore } from './core.ts'
import { sampleInput, type FindId } from './sample.ts'
import { invokeDriver, type Answer, type SurfaceDriver } from './surfaceDriver.ts'
import type { Caller } from '../operations/caller.ts'

/** One database with one or two companies in it, reached by one way in. */
interface Neighbourhood {
  readonly driver: SurfaceDriver
  readonly ours: Caller
  /** Absent in the world where the other tenant does not exist. */
  readonly theirs?: Caller
}

interface Step {
  readonly who: 'ours' | 'theirs'
  /** Which operation of the list, and which of the known things its ids point at. */
  readonly operation: number
  readonly picks: readonly number[]
  /** Chance for the words in the input: few, so that unique values clash. */
  readonly word: number
  /** Whether our ids point at the other tenant's things (which, alone in the world, nobody has). */
  readonly reach: 'own' | 'foreign'
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom('ours', 'ours', 'theirs'),
  operation: fc.nat(1_000),
  picks: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
  word: fc.constantFrom(0.123456789, 0.234567891, 0.345678912),
  reach: fc.constantFrom('own', 'own', 'own', 'foreign'),
})

/**
 * Two tenants' operations run interleaved on one pool; everything ours answers is compared with a world in which the
 * other tenant does not exist. Ids and times differ between worlds, so they are compared by their order.
 */
export function describeTenancy(
  plugins: readonly Plugin[],
  operations: readonly AnyOperation[],
  runs: { readonly numRuns: number; readonly steps: number },
): void {
  let shared: TestCore
  let lonely: TestCore
  beforeAll(async () => {
    shared = await testCore(plugins)
    lonely = await testCore(plugins)
  })
  afterAll(() => Promise.all([shared.close(), lonely.close()]))

  test('no answer shows that another tenant exists: not a row, not an id, not a taken name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: runs.steps }), async (steps) => {
        const began = hour()
        const theirs = shared.callerOf(randomUUID())
        const seen = await play({ ...neighbourhood(shared), theirs }, operations, steps)
        const expected = await play(neighbourhood(lonely), operations, steps)
        // Some answers name the day or the month, which may end between the two worlds.
        fc.pre(hour() === began)
        expect(seen).toEqual(expected)
      }),
      { numRuns: runs.numRuns },
    )
  })
}

const hour = (): string => new Date().toISOString().slice(0, 13)

const neighbourhood = ({ core, callerOf }: TestCore): Neighbourhood => ({
  driver: invokeDriver(core),
  ours: callerOf(randomUUID()),
})

async function play(
  world: Neighbourhood,
  operations: readonly AnyOperation[],
  steps: readonly Step[],
): Promise<unknown[]> {
  const known = { ours: new Things(), theirs: new Things() }
  const labels = new Labels()
  const answers: unknown[] = []
  let neighbours: Promise<unknown>[] = []
  for (const each of steps) {
    const operation = operations[each.operation % operations.length]!
    if (each.who === 'theirs') {
      if (world.theirs)
        neighbours.push(act(world.driver, operation, each, world.theirs, known.theirs, known.theirs))
      continue
    }
    const reached = each.reach === 'own' ? known.ours : known.theirs
    answers.push(labels.apply(await act(world.driver, operation, each, world.ours, known.ours, reached)))
    // The neighbours' steps run beside ours, and are awaited so that their things are there to reach for.
    await Promise.all(neighbours)
    neighbours = []
  }
  await Promise.all(neighbours)
  return answers
}

async function act(
  driver: SurfaceDriver,
  operation: AnyOperation,
  { picks, word }: Step,
  caller: Caller,
  own: Things,
  reached: Things,
): Promise<unknown> {
  let next = 0
  const findId: FindId = async (resource) => reached.pick(resource, picks[next++ % picks.length]!)
  const input = await sampleInput(operation, { findId, fields: 'required', random: () => word })
  const first = await driver.call(operation, input, caller)
  const answer = await confirmed(driver, operation, input, caller, first)
  if ('output' in answer) own.learn(operation, answer.output)
  return {
    operation: operation.name,
    ...('output' in answer ? answer : { code: answer.code, message: answer.message }),
  }
}

async function confirmed(
  driver: SurfaceDriver,
  operation: AnyOperation,
  input: unknown,
  caller: Caller,
  answer: Answer,
) {
  const confirmation = 'details' in answer ? answer.details?.['confirm'] : undefined
  return typeof confirmation === 'string'
    ? driver.call(operation, input, { ...caller, confirmation })
    : answer
}

/** The ids that one tenant has been given, by resource, in the order they came. */
class Things {
  readonly #ids = new Map<string, string[]>()

  learn({ domain, resource, verb }: AnyOperation, output: unknown): void {
    const id = (output as { id?: unknown } | null)?.id
    if (verb !== 'create' || typeof id !== 'string') return
    const name = `${domain}.${resource}`
    this.#ids.set(name, [...(this.#ids.get(name) ?? []), id])
  }

  pick(resource: string, place: number): string {
    const ids = this.#ids.get(resource) ?? []
    return ids[place % Math.max(1, ids.length)] ?? randomUUID()
  }
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const time = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g
const cursor = /"nextCursor":"[^"]*"/g
/** What is made by chance or by the clock, as ids are. */
const madeUp = /(?<="(?:publicKey|ticket)":")[^"]+/g

/** Names ids, and what is made up as they are, by the order in which they were first seen, so that two worlds can be compared. */
class Labels {
  readonly #names = new Map<string, string>()

  apply(answer: unknown): unknown {
    const text = JSON.stringify(answer).replace(time, 'a time').replace(cursor, '"nextCursor":"more"')
    const named = text.replace(madeUp, (key) => this.#name(key)).replace(uuid, (id) => this.#name(id))
    return JSON.parse(named) as unknown
  }

  #name(id: string): string {
    const name = this.#names.get(id) ?? `id ${this.#names.size + 1}`
    this.#names.set(id, name)
    return name
  }
}
