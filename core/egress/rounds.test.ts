import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ReadingRounds } from './rounds.ts'

let rounds: ReadingRounds
let isBusy: PromiseWithResolvers<void> | undefined

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
  isBusy = undefined
  rounds = new ReadingRounds(async () => isBusy?.promise)
})
afterEach(() => vi.useRealTimers())

/** A stream that has one more word for whoever reads its source, and how often that was. */
function source() {
  const stream = new Readable({ read: () => undefined })
  const read = vi.spyOn(stream, '_read').mockImplementation(() => undefined)
  rounds.join(stream as Socket)
  return { stream, read }
}

const answers = (count: number): (() => void)[] => Array.from({ length: count }, () => rounds.begin())

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await setImmediate()
}

test('while few answers are written, every source is read as soon as there is room', () => {
  const { stream, read } = source()
  answers(31)
  stream.read()
  expect(read).toHaveBeenCalledOnce()
  expect(stream.push('word')).toBe(true)
})

test('many are read in rounds, and told after each piece that it is enough for now', async () => {
  const { stream, read } = source()
  answers(32)
  stream.read()
  expect(read).not.toHaveBeenCalled()
  await pass(80)
  expect(read).toHaveBeenCalledOnce()
  expect(stream.push('word')).toBe(false)
  expect(String(stream.read())).toBe('word')
  expect(read).toHaveBeenCalledOnce()
  await pass(80)
  expect(read).toHaveBeenCalledTimes(2)
})

test('sources that wait are read at the same moment, a few at a stretch, after whoever goes first', async () => {
  answers(32)
  const sources = Array.from({ length: 20 }, source)
  for (const { stream } of sources) stream.read()
  const readSoFar = (): number => sources.filter(({ read }) => read.mock.calls.length > 0).length
  isBusy = Promise.withResolvers()
  await pass(80)
  expect(readSoFar()).toBe(0)
  isBusy.resolve()
  await setImmediate()
  expect(readSoFar()).toBe(20)
})

test('once enough answers are over, words are read as they come again', () => {
  const [over] = answers(32)
  const { stream, read } = source()
  over!()
  stream.read()
  expect(read).toHaveBeenCalledOnce()
})
