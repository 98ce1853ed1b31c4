import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText, type Encoding } from './decode.ts'
import { ExchangeFault } from './fault.ts'

const danish = 'Navn;By\nSøren Ærø;Åbenrå €\n'

async function* oneByOne(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte)
}

async function decode(source: AsyncIterable<Uint8Array>): Promise<{ text: string; encoding: string }> {
  const decoded = decodeText(source)
  let text = ''
  for await (const part of decoded.text) text += part
  return { text, encoding: decoded.encoding }
}

const windows1252 = (text: string): Buffer => Buffer.from(text.replace('€', '\x80'), 'latin1')
const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()

test.each([
  ['utf-8', Buffer.from(danish)],
  ['utf-8', Buffer.from(`\ufeff${danish}`)],
  ['utf-16le', Buffer.from(`\ufeff${danish}`, 'utf16le')],
  ['utf-16be', utf16be(danish)],
  ['windows-1252', windows1252(danish)],
])('%s is recognised, however the bytes arrive', async (encoding, bytes) => {
  expect(await decode(oneByOne(bytes))).toEqual({ text: danish, encoding })
})

test('any text in UTF-8 is read back, in any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 7 }), async (text, size) => {
      const bytes = Buffer.from(text.replaceAll('\ufeff', ''))
      const chunks = async function* (): AsyncIterable<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
      }
      expect((await decode(chunks())).text).toBe(text.replaceAll('\ufeff', ''))
    }),
  )
})

test.each([
  ['not_text', Buffer.from('a;b\0c')],
  ['mixed_encoding', Buffer.concat([Buffer.from('Søren;'), windows1252('Ærø;x')])],
  ['mixed_encoding', Buffer.from('Søren;Æ').subarray(0, -1)],
])('%s is refused with a sentence', async (code, bytes) => {
  const refused = await decode(oneByOne(bytes)).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ExchangeFault)
  expect(refused).toMatchObject({ code, sentence: { da: expect.any(String), en: expect.any(String) } })
})

test('an encoding that was chosen is taken as it is, or refused', async () => {
  const decodeAs = async (bytes: Uint8Array, encoding: Encoding): Promise<string> => {
    let text = ''
    for await (const part of decodeText(oneByOne(bytes), encoding).text) text += part
    return text
  }
  expect(await decodeAs(Buffer.from('Søren'), 'windows-1252')).toBe('SÃ¸ren')
  expect(await decodeAs(Buffer.from(danish, 'utf16le'), 'utf-16le')).toBe(danish)
  await expect(decodeAs(windows1252('Søren'), 'utf-8')).rejects.toMatchObject({ code: 'wrong_encoding' })
})
