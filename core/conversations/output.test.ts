import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compactOutput } from './output.ts'
import { titleFrom } from './title.ts'

const size = (value: unknown): number => JSON.stringify(value).length

describe('a result for a model', () => {
  test('is left as it is when it is small', () => {
    const output = { items: [{ id: 1, name: 'Havneby' }], nextCursor: null }
    expect(compactOutput(output)).toBe(output)
  })

  test('that is a long list loses its end and says how many are left out', () => {
    const items = Array.from({ length: 500 }, (_, id) => ({ id, name: `Contact number ${id}` }))
    const compact = compactOutput({ items, nextCursor: 'next' }) as {
      items: unknown[]
      omitted: number
      nextCursor: string
    }
    expect(compact.items.length + compact.omitted).toBe(500)
    expect(compact.items).toEqual(items.slice(0, compact.items.length))
    expect(compact.items.length).toBeGreaterThan(200)
    expect(compact.nextCursor).toBe('next')
  })

  test('with a long text has it cut, and marked as cut', () => {
    const { body } = compactOutput({ id: 'a', body: 'ø'.repeat(100_000) }) as { body: string }
    expect(body.length).toBe(2_001)
    expect(body.endsWith('…')).toBe(true)
  })

  test('is never larger than 16 KB, whatever it was', () => {
    const texts = fc.string({ maxLength: 3_000, unit: 'grapheme' })
    const anything = fc.oneof(
      texts,
      fc.array(texts, { maxLength: 60 }),
      fc.dictionary(texts, texts, { maxKeys: 40 }),
    )
    const list = fc.record({ items: fc.array(anything, { maxLength: 200 }), rest: anything })
    fc.assert(fc.property(fc.oneof(anything, list, fc.anything()), (output) => {
      expect(size(compactOutput(JSON.parse(JSON.stringify(output ?? null))))).toBeLessThanOrEqual(16 * 1024)
    }), { numRuns: 300 }) // prettier-ignore
  })
})

describe('a conversation’s title', () => {
  test('is its first line, cut at a word', () => {
    expect(titleFrom('  Find  Havneby\nog så videre')).toBe('Find Havneby')
    expect(titleFrom(`${'ord '.repeat(30)}`)).toMatch(/^(ord ){14}ord…$/)
  })

  test('fits its column, whatever the text', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.trim() !== ''), (text) => {
      const title = titleFrom(text)
      expect(title.length).toBeGreaterThan(0)
      expect([...title].length).toBeLessThanOrEqual(61)
    })) // prettier-ignore
  })
})
