import { expect, test } from 'vitest'
import { parsePhone, Phone } from './phone.ts'

test.each([
  ['20 12 34 56', '+4520123456'],
  ['20123456', '+4520123456'],
  ['0045 20123456', '+4520123456'],
  ['(+45) 33-12-34-56', '+4533123456'],
  ['4520123456', '+4520123456'],
  ['Tlf.: 33 12 34 56', '+4533123456'],
  ['+46 70 123 45 67', '+46701234567'],
  ['+44 (0)20 7946 0018', '+442079460018'],
  ['２０１２３４５６', '+4520123456'],
])('%j is read as %s', (text, number) => {
  expect(Phone.parse(text)).toBe(number)
})

test.each(['12345678', '2012345', '', 'ring til mig', '+', '9'.repeat(1_000_000)])(
  '%.12j is refused',
  (text) => {
    expect(Phone.safeParse(text).error?.issues[0]).toMatchObject({
      params: { da: expect.stringContaining('8 danske cifre') },
    })
  },
)

test('an extension is read, and never silently dropped', () => {
  expect(parsePhone('33 12 34 56 lokal 12')).toEqual({ number: '+4533123456', extension: '12' })
  expect(Phone.safeParse('33 12 34 56 lok. 12').error?.issues[0]?.message).toMatch(/extension/)
})
