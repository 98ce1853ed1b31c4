import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BoundedMap } from './boundedMap.ts'

describe('a bounded map', () => {
  test('never holds more than it may, answers only what was set last, and keeps what is asked for', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), value: fc.nat(), verb: fc.constantFrom('set', 'get', 'delete') }) // prettier-ignore
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const map = new BoundedMap<number>(4)
        const truth = new Map<string, number>()
        for (const { key, value, verb } of steps) {
          if (verb === 'set') map.set(key, value)
          if (verb === 'set') truth.set(key, value)
          if (verb === 'delete') map.delete(key)
          if (verb === 'delete') truth.delete(key)
          if (verb === 'set') expect(map.get(key)).toBe(value)
          else expect([undefined, truth.get(key)]).toContain(map.get(key))
          const entries = [...map.entries()]
          expect(entries.length).toBeLessThanOrEqual(4)
          for (const [held, its] of entries) expect(its).toBe(truth.get(held))
        }
      }),
    )
  })

  test('keeps what is in use while others come and go', () => {
    const map = new BoundedMap<number>(10)
    map.set('used', 1)
    for (let n = 0; n < 100; n++) {
      map.set(`other ${n}`, n)
      expect(map.get('used')).toBe(1)
    }
    expect(map.get('other 0')).toBeUndefined()
  })

  test('forgets all of it when told', () => {
    const map = new BoundedMap<number>(4)
    for (const key of ['a', 'b', 'c']) map.set(key, 1)
    map.clear()
    expect([...map.entries()]).toEqual([])
  })
})
