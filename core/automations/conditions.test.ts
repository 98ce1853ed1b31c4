import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventType } from '../events/event.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { meeting, wrongConditions } from './conditions.ts'
import type { Conditions, Test } from './definition.ts'
import { fieldsIn } from './payload.ts'

const event = eventType({
  name: 'mill.grain.brought',
  version: 1,
  payload: z.object({
    id: z.uuid(),
    kind: z.enum(['rye', 'oats']),
    weight: z.number(),
    note: z.string().nullable(),
    wet: z.boolean().optional(),
    dueOn: z.iso.date().optional(),
    at: z.iso.datetime({ offset: true }),
    tags: z.array(z.string()),
    farm: z.object({ name: z.string(), city: z.string() }),
  }),
})
const fields = fieldsIn(event)
const all = (...of: Conditions['of']): Conditions => ({ match: 'all', of })
const wrong = (asked: Test) => wrongConditions(all(asked), fields)?.en

describe('The evaluator of conditions', () => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase()
  })
  afterAll(() => world.close())

  const met = async (conditions: Conditions, payloads: readonly unknown[]): Promise<boolean[]> => {
    const rows = await world.database.read<{ place: number }>(randomUUID(), meeting(conditions, payloads))
    const places = new Set(rows.map(({ place }) => place))
    return payloads.map((_, place) => places.has(place))
  }

  test('finds of any payloads exactly those that a plain reading of the conditions finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        conditions,
        fc.array(payload, { minLength: 1, maxLength: 8 }),
        async (asked, payloads) => {
          expect(await met(asked, payloads)).toEqual(payloads.map((each) => reads(asked, each)))
        },
      ),
      { numRuns: 400 },
    )
  })

  test('takes what has no order for neither more nor less, and never fails', async () => {
    const broken = ['2026-13-45T99:99:99Z', '2026-02-31T10:00:00Z', 'soon', 7, null, {}, [1]]
    const asked = all({ field: 'at', is: 'less', value: '2030-01-01T00:00:00Z' })
    expect(
      await met(
        asked,
        broken.map((at) => ({ at })),
      ),
    ).toEqual(broken.map(() => false))
    const list = all({ field: 'at', is: 'in', value: 'no list' })
    expect(await met(list, [{ at: 'no list' }])).toEqual([false])
  })
})

describe('Conditions are held against the event', () => {
  test('and what fits is taken', () => {
    const fitting: Test[] = [
      { field: 'kind', is: 'equals', value: 'rye' },
      { field: 'kind', is: 'in', value: ['rye', 'oats'] },
      { field: 'weight', is: 'greater', value: 12.5 },
      { field: 'note', is: 'contains', value: 'mouse' },
      { field: 'note', is: 'missing' },
      { field: 'wet', is: 'equals', value: true },
      { field: 'dueOn', is: 'less', value: '2026-05-01' },
      { field: 'at', is: 'greater', value: '2026-05-01T10:00:00+02:00' },
      { field: 'tags', is: 'contains', value: 'organic' },
      { field: 'farm.city', is: 'notEquals', value: 'Havneby' },
    ]
    expect(wrongConditions(all(...fitting, { match: 'any', of: fitting }), fields)).toBeUndefined()
  })

  test('and what does not is told in a sentence that names the field', () => {
    expect(wrong({ field: 'colour', is: 'exists' })).toBe(
      'the event has no field colour. It has id, kind, weight, note, wet, dueOn, at, tags, farm.name, farm.city.',
    )
    expect(wrong({ field: 'kind', is: 'equals', value: 'wheat' })).toBe(
      'kind cannot be wheat. Choose rye, oats.',
    )
    expect(wrong({ field: 'kind', is: 'in', value: ['rye', 'wheat'] })).toMatch(/^kind cannot be wheat/)
    expect(wrong({ field: 'note', is: 'greater', value: 'a' })).toMatch(/^note is no number, day or time/)
    expect(wrong({ field: 'weight', is: 'contains', value: 1 })).toMatch(/^weight is neither text nor a list/)
    expect(wrong({ field: 'weight', is: 'equals', value: '12' })).toBe('weight cannot be 12.')
    expect(wrong({ field: 'tags', is: 'equals', value: 'organic' })).toMatch(/^tags is a list/)
    expect(wrong({ field: 'weight', is: 'in', value: 1 })).toMatch(/^weight must be compared with a list/)
    expect(wrong({ field: 'weight', is: 'less', value: [1] })).toMatch(/^weight must be compared with one/)
    expect(wrong({ field: 'weight', is: 'less' })).toMatch(/^weight lacks/)
    expect(wrong({ field: 'weight', is: 'exists', value: 1 })).toMatch(/^weight is compared with nothing/)
    expect(wrong({ field: 'dueOn', is: 'less', value: 'May' })).toBe('dueOn cannot be May.')
    expect(wrongConditions(all({ match: 'any', of: [{ field: 'x', is: 'exists' }] }), fields)?.da).toMatch(
      /^hændelsen har ikke feltet x/,
    )
  })
})

/** Few values of each kind, so that they meet. */
const moments = ['2026-05-01T10:00:00Z', '2026-05-01T12:00:00+02:00', '2026-05-01T10:00:00.001Z']
const days = ['2026-04-30', '2026-05-01', '2026-12-24']
const texts = ['', 'rye', 'ry', 'Ærø', 'a "b"', '%', '_']
const scalar = fc.oneof(
  fc.constantFrom(...moments, ...days, ...texts),
  fc.constantFrom(0, -1, 1.5, 2, 1e21),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
)
const path = fc.constantFrom('a', 'b', 'c.d', 'c')
const value = fc.oneof(scalar, scalar, fc.array(scalar, { maxLength: 3 }), fc.constant(null))
const payload = fc.record(
  { a: value, b: value, c: fc.oneof(fc.record({ d: value }), scalar) },
  { requiredKeys: [] },
)

const asked: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ field: path, is: fc.constantFrom('exists' as const, 'missing' as const) }),
  fc.record({
    field: path,
    is: fc.constant('in' as const),
    value: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    field: path,
    is: fc.constantFrom(
      'equals' as const,
      'notEquals' as const,
      'contains' as const,
      'greater' as const,
      'less' as const,
    ),
    value: scalar,
  }),
)
const match = fc.constantFrom('all' as const, 'any' as const)
const group = fc.record({ match, of: fc.array(asked, { minLength: 1, maxLength: 3 }) })
const conditions: fc.Arbitrary<Conditions> = fc.record({
  match,
  of: fc.array(fc.oneof(asked, group), { maxLength: 3 }),
})

/** What conditions mean, said as plainly as can be. */
function reads(condition: Conditions | Test, of: unknown): boolean {
  if (!('of' in condition)) return holds(condition, at(of, condition.field))
  if (condition.of.length === 0) return true
  return condition.match === 'all'
    ? condition.of.every((part) => reads(part, of))
    : condition.of.some((part) => reads(part, of))
}

function at(of: unknown, field: string): unknown {
  const found = field
    .split('.')
    .reduce<unknown>((part, name) => (Object(part) as Record<string, unknown>)[name], of)
  return found ?? undefined
}

function holds({ is, value: wanted }: Test, given: unknown): boolean {
  switch (is) {
    case 'exists':
      return given !== undefined
    case 'missing':
      return given === undefined
    case 'equals':
      return same(given, wanted)
    case 'notEquals':
      return !same(given, wanted)
    case 'in':
      return (wanted as unknown[]).some((each) => same(given, each))
    case 'contains':
      if (Array.isArray(given)) return given.some((each) => same(each, wanted))
      return typeof given === 'string' && given.includes(String(wanted))
    default:
      return ordered(is === 'less' ? given : wanted, is === 'less' ? wanted : given)
  }
}

const same = (one: unknown, other: unknown): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other)

function ordered(less: unknown, more: unknown): boolean {
  if (typeof less === 'number' && typeof more === 'number') return less < more
  if (typeof less !== 'string' || typeof more !== 'string') return false
  const both = [less, more]
  if (both.every((text) => days.includes(text))) return less < more
  return both.every((text) => moments.includes(text)) && Date.parse(less) < Date.parse(more)
}
