import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createBreaker } from './breakers.ts'
import { VendorFault } from './vendorFault.ts'

const outage = () => Promise.reject(new VendorFault('overloaded'))
const refusal = () => Promise.reject(new VendorFault('refused'))
const stopped = () => Promise.reject(new DOMException('stopped', 'AbortError'))

async function after(works: readonly (() => Promise<unknown>)[], restFor = 20) {
  const breaker = createBreaker(restFor)
  for (const work of works) await breaker.execute(work).catch(() => undefined)
  return breaker
}

describe('the breaker of a model', () => {
  test('opens after three outages in a row, and then asks nobody', async () => {
    const breaker = await after([outage, outage, outage], 60_000)
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
    await sleep(30)
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
      await sleep(30)
      await expect(breaker.execute(work)).rejects.toBeInstanceOf(Error)
      expect(breaker.isResting).toBe(true)
    }
  })
})
