import { describe, expect, test } from 'vitest'
import { pricingOf, priceLists } from './prices.ts'

const at = new Date('2026-11-21T12:00:00Z')

describe('price lists', () => {
  test('name their source, and give every price as a whole number from a day on, the older before the newer', () => {
    for (const { vendors, currency, source, models } of priceLists) {
      expect([...vendors, currency, source].every((text) => text.length > 2)).toBe(true)
      for (const [place, line] of models.entries()) {
        expect(line.from).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        for (const price of [line.input, line.cached, line.output])
          expect(Number.isSafeInteger(price)).toBe(true)
        expect(line.cached).toBeLessThanOrEqual(line.input)
        expect(line.input).toBeLessThanOrEqual(line.output)
        const earlier = models.slice(0, place).filter(({ model }) => model === line.model)
        expect(
          earlier.every(({ from }) => from <= line.from),
          line.model,
        ).toBe(true)
      }
    }
  })

  test('know a model by its name, and by its name with a date or a stage', () => {
    const mini = {
      basis: 'list',
      price: { currency: 'USD', input: 250_000, cached: 25_000, output: 2_000_000 },
    }
    for (const model of ['gpt-5-mini', 'gpt-5-mini-2025-08-07']) {
      expect(pricingOf({ vendor: 'openai', model }, at, 100)).toEqual(mini)
    }
    for (const model of [
      'gemini-2.5-flash',
      'models/gemini-2.5-flash',
      'gemini-2.5-flash-preview-09-2025',
      'gemini-2.5-flash-001',
    ]) {
      expect(pricingOf({ vendor: 'google', model }, at, 100)).toMatchObject({
        basis: 'list',
        price: { output: 2_500_000 },
      })
    }
  })

  test('give the price of the day, before and after it changed', () => {
    const o3 = (day: string) => pricingOf({ vendor: 'openai', model: 'o3' }, new Date(day), 100)
    expect(o3('2025-06-09T12:00:00Z')).toMatchObject({ price: { output: 40_000_000 } })
    expect(o3('2025-06-10T12:00:00Z')).toMatchObject({ price: { output: 8_000_000 } })
  })

  test('give the higher price of a long prompt', () => {
    const pro = (tokens: number) => pricingOf({ vendor: 'google', model: 'gemini-2.5-pro' }, at, tokens)
    expect(pro(199_999)).toMatchObject({ price: { input: 1_250_000 } })
    expect(pro(200_000)).toMatchObject({ price: { input: 2_500_000 } })
  })

  test('price a model that they do not know as the dearest they know, and say so', () => {
    expect(pricingOf({ vendor: 'openai', model: 'llama-3' }, at, 100)).toMatchObject({
      basis: 'dearest',
      price: { output: 180_000_000 },
    })
    expect(pricingOf({ vendor: 'google', model: 'gemini-9' }, at, 100)).toMatchObject({
      basis: 'dearest',
      price: { output: 18_000_000 },
    })
    expect(pricingOf({ vendor: 'mistral', model: 'large' }, at, 100)).toMatchObject({
      basis: 'dearest',
      price: { output: 180_000_000 },
    })
  })

  test('price the offline model at nothing', () => {
    expect(pricingOf({ vendor: 'tekup', model: 'offline' }, at, 100)).toEqual({ basis: 'free' })
  })
})
