import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longText, shortText } from './text.ts'

test('a short text is one trimmed line in NFC', () => {
  expect(shortText().parse('  So\u0308ren\n\t Lund ')).toBe('Sören Lund')
})

test('an empty short text is refused, an empty long text is not', () => {
  expect(shortText().safeParse(' \n ').success).toBe(false)
  expect(longText().parse(' \n ')).toBe('')
})

test.each([
  ['a NUL', 'a\0b', /NUL/],
  ['a lone surrogate', 'a\ud800b', /half a Unicode character/],
  ['a text of 10 MB', 'x'.repeat(10_000_000), /at most 200 characters/],
])('%s is refused with a sentence in both languages', (_, text, sentence) => {
  const issue = shortText().safeParse(text).error?.issues[0]
  expect(issue?.message).toMatch(sentence)
  expect(issue).toMatchObject({ code: 'custom', params: { da: expect.any(String), en: issue?.message } })
})

test('the limit counts characters, not UTF-16 units', () => {
  expect(shortText(3).safeParse('😀😀😀').success).toBe(true)
  expect(shortText(3).safeParse('😀😀😀😀').success).toBe(false)
})

test('a text that is accepted once is accepted again unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const schema of [shortText(40), longText(40)]) {
        const first = schema.safeParse(text)
        if (first.success) expect(schema.parse(first.data)).toBe(first.data)
      }
    }),
  )
})

test('a long text keeps its lines', () => {
  expect(longText().parse(' a\r\nb\rc ')).toBe('a\nb\nc')
})
