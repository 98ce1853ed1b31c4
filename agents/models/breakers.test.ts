import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createBreaker } from './breakers.ts'
import { VendorFault } from './vendorFault.ts'

const outage = () => Promise.reject(new VendorFault('overloaded'))
const refusal = () => Promise.reject(new VendorFault('refused'))
const stopped = () => Promise.reject(new DOMException('stopped', 'AbortError'))

/** Milliseconds, on a clock that goes on when it is told to. */
const rest = 60_000
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())
const rested = () => void vi.setSystemTime(Date.now() + rest + 1)

async function after(works: readonly (() => Promise<unknown>)[]) {
  const breaker = createBreaker(rest)
  for (const work of works) await breaker.execute(work).catch(() => undefined)
  return breaker
}

describe('the breaker of a model', () => {
  test('opens after three outages in a row, and then asks nobody', async () => {
    const breaker = await after([outage, outage, outage])
    let asked = 0
    await expect(breaker.execute(async () => ++asked)).rejects.toThrow('Execution prevented')
    expect([asked, breaker.isResting]).toEqual([0, true])
  })

  test('stays closed when one answer comes between, and for what is this conversation’s own fault', async () => {
    expect((await after([outage, outage, async () => 'well', outage, outage])).isResting).toBe(false)
    expect((await after([refusal, refusal, refusal, refusal])).isResting).toBe(false)
    expect((await after([stopped, stopped, stopped, stopped])).isResting).toBe(false)
  })

  test('lets one probe through after the rest, while others do not wait for it', async () => {
    const breaker = await after([outage, outage, outage])
    rested()
    const { promise, resolve } = Promise.withResolvers<string>()
    const probe = breaker.execute(() => promise)
    await expect(breaker.execute(async () => 'another')).rejects.toMatchObject({ name: 'Resting' })
    resolve('well again')
    expect(await probe).toBe('well again')
    expect(await breaker.execute(async () => 'another')).toBe('another')
  })

  test('rests on when the probe fails, or is stopped by the person', async () => {
    for (const work of [outage, stopped]) {
      const breaker = await after([outage, outage, outage])
      rested()
      await expect(breaker.execute(work)).rejects.toBeInstanceOf(Error)
      expect(breaker.isResting).toBe(true)
    }
  })
})
