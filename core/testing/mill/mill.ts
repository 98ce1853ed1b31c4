import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { eventType } from '../../events/event.ts'
import { subscription } from '../../events/subscription.ts'
import { job, priorities } from '../../jobs/job.ts'
import { personOf, type WriteContext } from '../../operations/context.ts'
import { operation } from '../../operations/operation.ts'
import { plugin } from '../../operations/plugin.ts'
import type { Words } from '../../operations/words.ts'

/** The smallest domain whose work is done later: what the tests of events and jobs run on. */
const Grain = z.object({ id: z.uuid(), number: z.int() })
const how = z.enum(['well', 'throws', 'refuses', 'hangs', 'slowly', 'overflows', 'brings']).default('well')

/** A sack was brought, for the so-and-so-many-th time. */
export const grainBrought = eventType({
  name: 'mill.grain.brought',
  version: 1,
  payload: Grain.extend({ how }),
})
/** Nobody follows it any more in this version. */
export const oldGrain = eventType({ name: 'mill.grain.brought', version: 0, payload: Grain })

const Done = z.object({ id: z.uuid(), bran: z.string().optional() })
const Grinding = z.strictObject({ sack: z.string(), number: z.int(), how })

export const bring = operation({
  name: 'mill.grain.bring',
  summary: 'Bring a sack of grain so many times',
  effect: 'write',
  input: z.strictObject({ sack: z.uuid(), from: z.int().default(1), times: z.int(), how }),
  output: z.object({}),
  run: ({ sack, from, times, how: wanted }, { emit }) => {
    for (let number = from; number < from + times; number++)
      emit(grainBrought, { id: sack, number, how: wanted })
    return {}
  },
})

export const grind = operation({
  name: 'mill.flour.grind',
  summary: 'Grind what was brought',
  effect: 'write',
  input: Grinding,
  output: Done,
  async run({ sack, number, how: wanted }, context) {
    const id = uuidv7()
    const begun = new Date()
    await misbehave(wanted, context)
    await context.query(sql`
      INSERT INTO mill.flour (tenant_id, id, sack, number, actor, begun_at)
      VALUES (${context.tenant.id}, ${id}, ${sack}, ${number}, ${personOf(context.actor) ?? 'nobody'}, ${begun})`)
    if (wanted === 'brings') context.emit(grainBrought, { id: sack, number: -1 })
    if (wanted === 'throws') throw new Error('the millstone broke')
    return wanted === 'overflows' ? { id, bran: 'x'.repeat(300_000) } : { id }
  },
})

async function misbehave(wanted: z.output<typeof how>, { signal }: WriteContext): Promise<void> {
  if (wanted === 'refuses') fail('not_found')
  if (wanted === 'hangs') await new Promise(() => undefined)
  if (wanted === 'slowly') await sleep(3_000, undefined, { signal })
}

/** What leaves the mill, and what cannot be undone. */
export const send = operation({
  name: 'mill.flour.send',
  summary: 'Send flour to somebody',
  effect: 'send',
  input: Grinding,
  output: Done,
  run: (input, { call }) => call(grind, input),
})

const Bread = z.strictObject({ sack: z.string(), number: z.int(), last: z.int() })

/** A piece of long work: one loaf. */
export const bake = operation({
  name: 'mill.bread.bake',
  summary: 'Bake one loaf of many',
  effect: 'write',
  input: Bread,
  output: Bread,
  async run(input, context) {
    await context.call(grind, { sack: input.sack, number: input.number })
    return input
  },
})

export const ask = operation({
  name: 'mill.flour.ask',
  summary: 'Have flour ground later',
  effect: 'write',
  input: Grinding.extend({
    times: z.int().default(1),
    key: z.string().optional(),
    subject: z.string().optional(),
    after: z.int().optional(),
    priority: z.enum(priorities).optional(),
    /** Brief: a piece may take but two seconds. Rationed: a company may begin but three in a minute, each tried once. */
    as: z.enum(['usual', 'brief', 'rationed']).default('usual'),
  }),
  output: z.object({ ids: z.array(z.uuid()) }),
  run: ({ times, key, subject, after, priority, as, ...given }, { enqueue }) => {
    const options = {
      ...(key !== undefined && { key }),
      ...(subject !== undefined && { subject }),
      ...(after !== undefined && { at: new Date(Date.now() + after) }),
      ...(priority !== undefined && { priority }),
    }
    const numbers = Array.from({ length: times }, (_, place) => given.number + place)
    return { ids: numbers.map((number) => enqueue(kinds()[as], { ...given, number }, options)) }
  },
})

export const askForBread = operation({
  name: 'mill.bread.ask',
  summary: 'Have loaves baked later',
  effect: 'write',
  input: z.strictObject({ sack: z.string(), loaves: z.int() }),
  output: z.object({ id: z.uuid() }),
  run: ({ sack, loaves }, { enqueue }) => ({ id: enqueue(bakeLater, { sack, number: 1, last: loaves }) }),
})

export const askToSend = operation({
  name: 'mill.flour.order',
  summary: 'Have flour sent later',
  effect: 'write',
  input: Grinding,
  output: z.object({ id: z.uuid() }),
  run: (input, { enqueue }) => ({ id: enqueue(sendLater, input) }),
})

const manyAtOnce = { operation: grind, attempts: 3, concurrency: 50 } as const
export const grindLater = job({ name: 'mill.flour.grindLater', ...manyAtOnce })
export const grindBriefly = job({ name: 'mill.flour.grindBriefly', ...manyAtOnce, timeout: 2 })
export const grindRationed = job({
  name: 'mill.flour.grindRationed',
  operation: grind,
  perMinute: 3,
  attempts: 1,
})
const kinds = () => ({ usual: grindLater, brief: grindBriefly, rationed: grindRationed })
export const nightly = job({
  name: 'mill.flour.nightly',
  operation: grind,
  schedule: { cron: '30 3 * * *', input: { sack: 'nightly', number: 1 } },
})
export const sendLater = job({ name: 'mill.flour.sendLater', operation: send })
export const bakeLater = job({
  name: 'mill.bread.bakeLater',
  operation: bake,
  next: (_, input) => (input.number < input.last ? { ...input, number: input.number + 1 } : undefined),
  progress: ({ number, last }) => ({ done: number, total: last }),
})

export const grindGrain = subscription({
  name: 'mill.flour.grindGrain',
  on: grainBrought.name,
  version: grainBrought.version,
  reads: Grain.extend({ how: how.optional() }),
  when: ({ number }) => number >= 0,
  operation: grind,
  input: ({ id, number, how: wanted }) => ({ sack: id, number, how: wanted }),
})

const operations = [bring, grind, send, bake, ask, askForBread, askToSend]
const words = Object.fromEntries(
  operations.map(({ name, summary }): [string, Words] => [
    name,
    { title: summary, doing: summary, done: `${summary}.`, phrases: [summary] },
  ]),
)

export const mill = plugin({
  name: 'mill',
  version: '1.0.0',
  operations,
  events: [grainBrought],
  subscriptions: [grindGrain],
  jobs: [grindLater, grindBriefly, grindRationed, nightly, sendLater, bakeLater],
  locales: { da: words, en: words },
  migrations: new URL('./migrations/', import.meta.url),
})
