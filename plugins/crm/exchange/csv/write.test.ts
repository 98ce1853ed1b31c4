import fc from 'fast-check'
import { expect, test } from 'vitest'
import { neutraliseFormula, restoreFormula } from './formulas.ts'
import { readCsv } from './read.ts'
import { writeCsv } from './write.ts'

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString('utf8')
}

test('a file for Danish Excel has a byte order mark, semicolons and CRLF', async () => {
  const text = await textOf(
    writeCsv(
      ['Navn', 'Note'],
      [
        ['Søren', 'a;b "c"'],
        ['Åse', 'to\nlinjer'],
      ],
    ),
  )
  expect(text).toBe('\ufeffNavn;Note\r\nSøren;"a;b ""c"""\r\nÅse;"to\nlinjer"\r\n')
})

test('a comma and no byte order mark can be chosen', async () => {
  const text = await textOf(writeCsv(['a', 'b'], [['1,5', '2']], { delimiter: ',', byteOrderMark: 'omit' }))
  expect(text).toBe('a,b\r\n"1,5",2\r\n')
})

test.each(['=HYPERLINK("http://x.example")', '+45 20123456', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1+1'])(
  'no spreadsheet runs %j',
  async (cell) => {
    const text = await textOf(writeCsv(['navn'], [[cell]], { byteOrderMark: 'omit' }))
    expect(text.split('\r\n')[1]).toMatch(/^"?'/)
  },
)

test('a neutralised cell never starts as a formula, and is restored exactly', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom("'", '=', '+', 'x', '\t')).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(cell, (text) => {
      expect(neutraliseFormula(text)).not.toMatch(/^[=+\-@\t\r]/)
      expect(restoreFormula(neutraliseFormula(text))).toBe(text)
    }),
  )
})

const anyCell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0')),
  fc.constantFrom(
    '+4520123456',
    "'=1",
    '"',
    '""',
    ';',
    ',',
    '\r\n',
    '\n',
    '\r',
    '\t',
    ' x ',
    '=cmd|x',
    '\ufeff',
    'æøå',
    '',
  ),
)

test('reading what was written gives every cell back, in any chunks', async () => {
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(anyCell, { minLength: width, maxLength: width }), { maxLength: 8 }))
  const options = fc.record({
    delimiter: fc.constantFrom(';' as const, ',' as const),
    byteOrderMark: fc.constantFrom('write' as const, 'omit' as const),
  })
  await fc.assert(
    fc.asyncProperty(table, options, fc.integer({ min: 1, max: 40 }), async (rows, writing, size) => {
      const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ''))
      const width = rows[0]?.length ?? 2
      const headers = Array.from({ length: width }, (_, index) => `kolonne ${index}`)
      const bytes = Buffer.from(await textOf(writeCsv(headers, filled, writing)))
      const chunks = async function* (): AsyncIterable<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
      }
      const file = await readCsv(chunks())
      const read: (readonly string[])[] = []
      for await (const row of file.rows) read.push(row.values)
      expect(file.headers).toEqual(headers)
      expect(read).toEqual(filled)
    }),
    { numRuns: 300 },
  )
})
