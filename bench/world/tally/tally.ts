import { randomUUIDv7 } from 'node:crypto'
import { z } from 'zod'
import { eventType, job, operation, plugin, prepared, sql, subscription, type Words } from '#core'
import { now } from '../../measure/clock.ts'

/** The smallest domain whose work is done later: a job is one small row of its company, and so is what follows on an event. */
const Stroke = z.object({ id: z.uuid() })

export const strokeWanted = eventType({ name: 'tally.strokes.wanted', version: 1, payload: Stroke })

export const make = operation({
  name: 'tally.strokes.make',
  summary: 'Make a stroke',
  effect: 'write',
  input: Stroke,
  output: Stroke,
  async run({ id }, { tenant, query }) {
    await query(
      prepared(
        'tally_make',
        sql`INSERT INTO tally.strokes (tenant_id, id, begun) VALUES (${tenant.id}, ${id}, ${now()})`,
      ),
    )
    return { id }
  },
})

const wanting = {
  effect: 'write',
  input: z.object({ times: z.int() }),
  output: z.object({ ids: z.array(z.uuid()) }),
} as const
const newIds = (times: number): string[] => Array.from({ length: times }, () => randomUUIDv7())

/** Has so many strokes made later. */
export const ask = operation({
  ...wanting,
  name: 'tally.strokes.ask',
  summary: 'Have strokes made later',
  run: ({ times }, { enqueue }) => {
    const ids = newIds(times)
    for (const id of ids) enqueue(makeLater, { id })
    return { ids }
  },
})

/** Says that so many strokes are wanted. */
export const want = operation({
  ...wanting,
  name: 'tally.strokes.want',
  summary: 'Want strokes',
  run: ({ times }, { emit }) => {
    const ids = newIds(times)
    for (const id of ids) emit(strokeWanted, { id })
    return { ids }
  },
})

const makeLater = job({ name: 'tally.strokes.makeLater', operation: make, concurrency: 16 })

const makeWanted = subscription({
  name: 'tally.strokes.makeWanted',
  on: strokeWanted.name,
  version: strokeWanted.version,
  reads: Stroke,
  operation: make,
  input: (stroke) => stroke,
})

const operations = [make, ask, want]
const words = Object.fromEntries(
  operations.map(({ name, summary }): [string, Words] => [
    name,
    { title: summary, doing: summary, done: `${summary}.`, phrases: [summary] },
  ]),
)

export const tally = plugin({
  name: 'tally',
  version: '1.0.0',
  operations,
  events: [strokeWanted],
  subscriptions: [makeWanted],
  jobs: [makeLater],
  locales: { da: words, en: words },
  migrations: new URL('./migrations/', import.meta.url),
})
