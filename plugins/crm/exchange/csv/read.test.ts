import { expect, test } from 'vitest'
import { ExchangeFault } from '../fault.ts'
import { readCsv, type CsvRow } from './read.ts'

async function* bytesOf(...parts: readonly (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

async function read(...parts: readonly (string | Uint8Array)[]) {
  const file = await readCsv(bytesOf(...parts))
  const rows: CsvRow[] = []
  for await (const row of file.rows) rows.push(row)
  return { headers: file.headers, delimiter: file.delimiter, encoding: file.encoding, rows }
}

const refusal = async (...parts: readonly (string | Uint8Array)[]): Promise<ExchangeFault> => {
  const error = await read(...parts).catch((fault: unknown) => fault)
  expect(error).toBeInstanceOf(ExchangeFault)
  return error as ExchangeFault
}

test.each([';', ',', '\t', '|'])('the delimiter %j is found', async (delimiter) => {
  const text = [
    ['Navn', 'E-mail', 'By'],
    ['Sofie', 's@havneby.example', 'Ærø'],
    ['Peter', '', ''],
  ]
    .map((row) => row.join(delimiter))
    .join('\r\n')
  expect(await read(text)).toEqual({
    headers: ['Navn', 'E-mail', 'By'],
    delimiter,
    encoding: 'utf-8',
    rows: [
      { line: 2, values: ['Sofie', 's@havneby.example', 'Ærø'] },
      { line: 3, values: ['Peter', '', ''] },
    ],
  })
})

test('a comma inside numbers does not hide the semicolon', async () => {
  expect((await read('Navn;Beløb\nA, B;1.200,50\nC, D;3,00\n')).delimiter).toBe(';')
})

test('line numbers are those of the file, also after quoted line ends and empty lines', async () => {
  const file = await read('Navn;Note\r\n"A\r\nB\r\nC";x\r\n\r\n;;\r\nD;y\r\n')
  expect(file.rows.map((row) => row.line)).toEqual([2, 7])
  expect(file.rows[0]?.values[0]).toBe('A\r\nB\r\nC')
})

test('line ends may be mixed and cut between chunks', async () => {
  const file = await read('Navn;By\r', '\nA;1\nB', ';2\rC;3')
  expect(file.rows.map((row) => [row.line, ...row.values])).toEqual([
    [2, 'A', '1'],
    [3, 'B', '2'],
    [4, 'C', '3'],
  ])
})

test('a file without a header row gets numbered columns and loses no row', async () => {
  const file = await read('Sofie;s@havneby.example\nPeter;p@holm.example\n')
  expect(file.headers).toEqual(['#1', '#2'])
  expect(file.rows.map((row) => row.line)).toEqual([1, 2])
})

test('titles above the table and Excel’s sep= line are passed over', async () => {
  expect(await read('sep=,\r\nNavn,By\r\nA,B\r\n')).toMatchObject({ delimiter: ',', headers: ['Navn', 'By'] })
  const titled = await read('Kundeliste 2026;;\n\nNavn;By;Tlf\nA;B;1\nC;D;2\n')
  expect(titled.headers).toEqual(['Navn', 'By', 'Tlf'])
  expect(titled.rows.map((row) => row.line)).toEqual([4, 5])
})

test('headers with the same name are told apart, and an empty one gets its number', async () => {
  expect((await read('Navn;E-mail;E-mail;\na;b;c;d\n')).headers).toEqual([
    'Navn',
    'E-mail',
    'E-mail (2)',
    '#4',
  ])
})

test('a quotation mark inside a cell is just a letter', async () => {
  expect((await read('Vare;Navn\n3" skrue;Jens "Bob" Holm\n')).rows[0]?.values).toEqual([
    '3" skrue',
    'Jens "Bob" Holm',
  ])
})

test.each([
  ['PDF', '%PDF-1.7\n%âãÏÓ'],
  ['Excel', Buffer.from('504b0304140006000800', 'hex')],
  ['PNG', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['HTML', '<!DOCTYPE html><html>'],
  ['JSON', '[{"name": "Sofie"}]'],
  ['vCard', 'BEGIN:VCARD\nVERSION:4.0\n'],
])('a file that is really %s is refused by name', async (format, content) => {
  const fault = await refusal(content)
  expect(fault.code).toBe('other_format')
  expect(fault.sentence.da).toContain(format)
})

test.each([[''], [' \r\n \r\n'], [Buffer.from('efbbbf', 'hex')]])(
  'an empty file is refused: %j',
  async (content) => {
    expect((await refusal(content)).code).toBe('empty_file')
  },
)

test('binary data is refused', async () => {
  expect((await refusal('Navn;By\nA;', Buffer.from([0, 1, 2]))).code).toBe('not_text')
})

test('a quotation mark that is never closed is refused with its line', async () => {
  expect(await refusal('Navn;By\nA;B\n"C;D\nE;F\n')).toMatchObject({ code: 'unclosed_quote', line: 3 })
})

test('a file that stops in the middle of a row is refused with its line', async () => {
  expect(await refusal('Navn;By;Tlf\nA;B;1\nC;D')).toMatchObject({ code: 'cut_off', line: 3 })
})

test('an endless row is refused before it fills the memory', async () => {
  const endless = async function* (): AsyncIterable<Uint8Array> {
    yield Buffer.from('Navn;By\nA;"')
    for (;;) yield Buffer.alloc(65_536, 'x')
  }
  const rows = async (): Promise<void> => {
    for await (const row of (await readCsv(endless())).rows) expect(row.line).toBe(2)
  }
  await expect(rows()).rejects.toMatchObject({ code: 'row_too_long', line: 2 })
})

test('too many columns are refused', async () => {
  expect((await refusal(`${'navn;'.repeat(1500)}\n`)).code).toBe('too_many_columns')
})

test('a reader that stops early closes the file', async () => {
  let closed = false
  const source = async function* (): AsyncIterable<Uint8Array> {
    try {
      for (;;) yield Buffer.from('Sofie;Lund\n'.repeat(10_000))
    } finally {
      closed = true
    }
  }
  for await (const row of (await readCsv(source())).rows) if (row.line > 10) break
  await new Promise((resolve) => setImmediate(resolve))
  expect(closed).toBe(true)
})

test('a fault of the source reaches the reader', async () => {
  const source = async function* (): AsyncIterable<Uint8Array> {
    yield Buffer.from('Navn;By\n'.repeat(20_000))
    throw new Error('disk gone')
  }
  const rows = async (): Promise<void> => {
    for await (const row of (await readCsv(source())).rows) expect(row.values).toHaveLength(2)
  }
  await expect(rows()).rejects.toThrow('disk gone')
})
