import { expect, test, vi } from 'vitest'
import { oncePer } from './oncePer.ts'

test('What is worked out for a thing is worked out once, also where it is nothing or not so', () => {
  for (const made of [undefined, false, 'made']) {
    const make = vi.fn<(thing: object) => unknown>(() => made)
    const once = oncePer(make)
    const [one, other] = [{}, {}]
    expect([one, one, other, one].map(once)).toEqual([made, made, made, made])
    expect(make.mock.calls).toEqual([[one], [other]])
  }
})
