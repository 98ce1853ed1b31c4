import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { patiently } from './patience.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const patience = { first: 100, between: 100 }

async function* spoken(waits: readonly number[]): AsyncGenerator<number> {
  for (const wait of waits) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    yield wait
  }
}

async function heardOf(waits: readonly number[]): Promise<number[]> {
  const heard: number[] = []
  for await (const piece of patiently(() => spoken(waits), undefined, patience)) heard.push(piece)
  return heard
}

test('an answer may take its time while each piece of it comes soon enough', async () => {
  const waits = [90, 80, 90, 80, 90]
  const heard = heardOf(waits)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await heard).toEqual(waits)
})

test('one whose first or next piece stays away is given up', async () => {
  for (const waits of [[110], [50, 50, 110]]) {
    const heard = expect(heardOf(waits)).rejects.toMatchObject({ kind: 'silent' })
    await vi.advanceTimersByTimeAsync(1_000)
    await heard
  }
})
