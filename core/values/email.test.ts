import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domainOf, Email, isPublicMailDomain, parseEmail } from './email.ts'

test.each([
  [' Sofie@Havneby.Example ', 'sofie@havneby.example'],
  ['mailto:sofie@havneby.example', 'sofie@havneby.example'],
  ['Sofie Lund <sofie@havneby.example>', 'sofie@havneby.example'],
  ['søren@blåbær.example', 'søren@blåbær.example'],
  ['a@xn--blbr-roah.example', 'a@blåbær.example'],
  ["o'neil+crm@a-b.example", "o'neil+crm@a-b.example"],
])('%j is read as %s', (text, address) => {
  expect(Email.parse(text)).toBe(address)
})

test.each([
  '',
  'sofie',
  'sofie@',
  '@havneby.example',
  'sofie@havneby',
  'a..b@havneby.example',
  '.a@havneby.example',
  'a b@havneby.example',
  'a@b@havneby.example',
  'a@-b.example',
  'a@b..example',
  'a@1.2.3.4',
  'a@b.example:80',
  'a\u0000@b.example',
  `${'a'.repeat(65)}@b.example`,
  `a@${'b'.repeat(64)}.example`,
  'a'.repeat(1_000_000),
])('%.24j is refused', (text) => {
  expect(Email.safeParse(text).error?.issues[0]?.message).toMatch(/not valid/)
})

test('an address that was read is read again unchanged', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.emailAddress(),
        fc.string({ unit: 'grapheme' }).map((text) => `${text}@å.example`),
      ),
      (text) => {
        const address = parseEmail(text)
        if (address !== undefined) expect(parseEmail(address)).toBe(address)
      },
    ),
  )
})

test('ordinary addresses are accepted', () => {
  fc.assert(
    fc.property(fc.emailAddress({ size: '-1' }), (text) => {
      expect(parseEmail(text)).toBe(text.toLowerCase())
    }),
  )
})

test('a public mail domain is told from a company’s own', () => {
  expect(isPublicMailDomain(domainOf('sofie@gmail.com'))).toBe(true)
  expect(isPublicMailDomain(domainOf('sofie@havneby.example'))).toBe(false)
})
