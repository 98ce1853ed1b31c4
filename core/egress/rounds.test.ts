import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi, type MockInstance } from 'vitest'
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

test('a source that is read just before its moment, by a timer that came early, waits for the moment after', async () => {
  const { stream, read } = source()
  answers(32)
  await pass(75)
  stream.read()
  await pass(80)
  expect(read).not.toHaveBeenCalled()
  await pass(5)
  expect(read).toHaveBeenCalledOnce()
})

/** So many sources that wait for their round, and how many of them were read. */
function waiting(count: number): { stream: Readable; read: MockInstance }[] {
  answers(32)
  const sources = Array.from({ length: count }, source)
  for (const { stream } of sources) stream.read()
  return sources
}

test('sources are read all through a round, a few at each moment, and every one as long after it was read last', async () => {
  const sources = waiting(48)
  const readAt = sources.map(({ stream, read }) => {
    const moments: number[] = []
    read.mockImplementation(() => void (moments.push(performance.now()), stream.push('word')))
    stream.resume()
    return moments
  })
  for (let milliseconds = 0; milliseconds < 500; milliseconds++) await pass(1)
  for (const moments of readAt) {
    expect(moments.length).toBeGreaterThan(4)
    expect(moments.map((moment) => moment - moments[0]!)).toEqual(moments.map((_, round) => round * 80))
  }
  const together = Object.values(Object.groupBy(readAt, (moments) => moments[0]! % 80))
  expect(together.map((each) => each!.length)).toEqual(Array.from({ length: 16 }, () => 3))
})

test('what waits for one moment waits for whoever goes first', async () => {
  const sources = waiting(20)
  const readSoFar = (): number => sources.filter(({ read }) => read.mock.calls.length > 0).length
  isBusy = Promise.withResolvers()
  await pass(90)
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
