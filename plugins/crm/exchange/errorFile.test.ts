import { expect, test } from 'vitest'
import { readCsv } from './csv/read.ts'
import { writeErrorFile, type RefusedRow } from './errorFile.ts'
import { suggestMapping } from './mapping/suggest.ts'
import { contactReader } from './toContact.ts'

const headers = ['Navn', 'Tlf.']
const columns = suggestMapping(headers).columns

function refused(line: number, values: readonly string[]): RefusedRow {
  const row = { line, values }
  const result = contactReader(headers, columns)(row)
  if (!('fault' in result)) throw new Error('expected a fault')
  return { row, fault: result.fault }
}

test('a refused row stands with its cells, the reason and its line, and can be read again', async () => {
  const rows = [refused(17, ['Sofie', '12345678']), refused(90, ['Lund', '20123456', 'overskydende'])]
  const file = await readCsv(writeErrorFile(headers, rows, 'da'))
  const read: (readonly string[])[] = []
  for await (const row of file.rows) read.push(row.values)
  expect(file.headers).toEqual(['Navn', 'Tlf.', 'Fejl', 'Linje i filen'])
  expect(read).toEqual([
    [
      'Sofie',
      '12345678',
      expect.stringMatching(/^Tlf\.: “12345678”: Telefonnummeret kan ikke læses\./),
      '17',
    ],
    ['Lund', '20123456 | overskydende', expect.stringContaining('3 felter'), '90'],
  ])
  expect(suggestMapping(file.headers).columns).toMatchObject({ Fejl: null, 'Linje i filen': null })
})

test('the reason is in the reader’s language', async () => {
  const parts: Uint8Array[] = []
  for await (const part of writeErrorFile(headers, [refused(2, ['', ''])], 'en')) parts.push(part)
  expect(Buffer.concat(parts).toString()).toContain('The row has neither a name')
})
