import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPrecedence } from './precedence.ts'

describe('what gives way to people who read', () => {
  // Nobody gives way for long: here, no time passes by itself.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  test('goes on in the next turn of the event loop where nobody reads, one after the other', async () => {
    const { giveWay } = createPrecedence()
    const gone: string[] = []
    for (const name of ['first', 'second', 'third']) void giveWay().then(() => gone.push(name))
    for (const expected of [[], ['first'], ['first', 'second'], ['first', 'second', 'third']]) {
      expect(gone).toEqual(expected)
      await nextTurn()
    }
  })

  test('waits for the last read that is under way, be it answered or refused', async () => {
    const { reading, giveWay } = createPrecedence()
    const [answered, refused] = [Promise.withResolvers<string>(), Promise.withResolvers<never>()]
    const order: string[] = []
    const reads = [
      reading(answered.promise).then((rows) => order.push(rows)),
      reading(refused.promise).catch(() => order.push('refused')),
    ]
    const waited = giveWay().then(() => order.push('turn'))
    answered.resolve('rows')
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    expect(order).toEqual(['rows'])
    refused.reject(new Error('Not yours.'))
    await Promise.all([waited, ...reads])
    expect(order).toEqual(['rows', 'refused', 'turn'])
  })

  test('goes on although somebody reads all the time', async () => {
    const { reading, giveWay } = createPrecedence()
    void reading(new Promise(() => undefined))
    const both = Promise.all([giveWay(), giveWay()])
    vi.advanceTimersByTime(25)
    await expect(both).resolves.toHaveLength(2)
  })
})
