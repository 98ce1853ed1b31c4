import { describe, expect, test } from 'vitest'
import { rememberUnderMark } from './underMark.ts'

describe('what is read under a mark', () => {
  const reader = () => {
    let reads = 0
    const remembered = rememberUnderMark<number>(10)
    return (key: string, mark?: string) => remembered(key, mark, async () => ++reads)
  }

  test('is read once under the same mark, and again under another', async () => {
    const read = reader()
    expect([await read('a', '1'), await read('a', '1'), await read('a', '2'), await read('a', '2')]).toEqual([
      1, 1, 2, 2,
    ])
  })

  test('is read once by those who ask at the same time', async () => {
    const read = reader()
    expect(await Promise.all([read('a', '1'), read('a', '1')])).toEqual([1, 1])
  })

  test('is read each time without a mark, and is not what others remember', async () => {
    const read = reader()
    expect([await read('a'), await read('a'), await read('a', '1'), await read('b', '1')]).toEqual([
      1, 2, 3, 4,
    ])
  })

  test('is not remembered when it could not be read', async () => {
    const remembered = rememberUnderMark<number>(10)
    await expect(remembered('a', '1', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await remembered('a', '1', async () => 1)).toBe(1)
  })
})
