import { expect, it } from 'vitest'
import { Latest } from './latest.ts'

it('the answer to the latest question counts, whichever comes last', () => {
  const latest = new Latest()
  const isFirst = latest.ask()
  expect(isFirst()).toBe(true)
  const isSecond = latest.ask()
  expect([isSecond(), isFirst()]).toEqual([true, false])
})
