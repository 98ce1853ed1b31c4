import { decodeText, type Encoding } from '../decode.ts'
import { ExchangeFault } from '../fault.ts'
import { refuseOtherFormats } from '../format.ts'
import { announcedDelimiter, detectDialect, looksLikeHeader, type Delimiter } from './dialect.ts'
import { restoreFormula } from './formulas.ts'
import { parseRecords, type CsvRecord } from './records.ts'

/** One row of data; `values` stand in the order of the headers, one string for each cell of the row. */
export interface CsvRow {
  /** The line of the file where the row begins, counted from 1, as a text editor shows it. */
  readonly line: number
  readonly values: readonly string[]
}

export interface CsvFile {
  readonly delimiter: Delimiter
  /** Sure once the rows have been read to the end. */
  readonly encoding: Encoding
  /** Trimmed and unique; `#3` where the third column has no name. */
  readonly headers: readonly string[]
  /** The rows, read as they are asked for. Rows without any content are left out. */
  readonly rows: AsyncIterable<CsvRow>
}

/** What the caller knows of the file; what is left out is found. */
export interface CsvReading {
  readonly delimiter?: Delimiter | undefined
  readonly encoding?: Encoding | undefined
}

/**
 * Reads a CSV file of any size in bounded memory: finds encoding, delimiter and header row, and undoes what the
 * writer did against formula injection. Throws an `ExchangeFault` where the file cannot be read; a fault far down
 * in the file is thrown while its rows are read.
 */
export async function readCsv(source: AsyncIterable<Uint8Array>, chosen: CsvReading = {}): Promise<CsvFile> {
  const decoded = decodeText(refusingOthers(source), chosen.encoding)
  const { head, text } = await peek(decoded.text)
  if (head.trim() === '') throw new ExchangeFault('empty_file')
  const announced = announcedDelimiter(head)
  const rest = announced ? head.slice(head.search(/[\r\n]|$/)) : head
  const dialect = detectDialect(rest, chosen.delimiter ?? announced)
  const { delimiter } = dialect
  const records = parseRecords(text, delimiter)[Symbol.asyncIterator]()
  const first = await firstRecords(records, dialect.width, announced !== undefined)
  return {
    delimiter,
    get encoding() {
      return decoded.encoding
    },
    headers: first.headers,
    rows: rowsAfter(first, records),
  }
}

async function* refusingOthers(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array()
  for await (const chunk of source) {
    if (head) head = Buffer.concat([head, chunk])
    if (head && head.length < 512) continue
    if (head) refuseOtherFormats(head)
    yield head ?? chunk
    head = undefined
  }
  if (head) refuseOtherFormats(head)
  if (head) yield head
}

const sampleLength = 32_768

/** The first part of the text, and the whole of it to be read from the start. */
async function peek(text: AsyncIterable<string>): Promise<{ head: string; text: AsyncIterable<string> }> {
  const iterator = text[Symbol.asyncIterator]()
  let head = ''
  while (head.length < sampleLength) {
    const { value, done } = await iterator.next()
    if (done) break
    head += value
  }
  return { head, text: continueWith(head, iterator) }
}

async function* continueWith(head: string, rest: AsyncIterator<string>): AsyncIterable<string> {
  try {
    yield head
    yield* { [Symbol.asyncIterator]: () => rest }
  } finally {
    await rest.return?.()
  }
}

interface FirstRecords {
  readonly headers: readonly string[]
  /** A first record that turned out to be data. */
  readonly data?: CsvRecord
}

/** Passes over a `sep=` line and lines of title above the table, and takes the header row. */
async function firstRecords(
  records: AsyncIterator<CsvRecord>,
  width: number,
  announced: boolean,
): Promise<FirstRecords> {
  if (announced) await records.next()
  for (let passed = 0; ; passed++) {
    const { value: record, done } = await records.next()
    if (done) throw new ExchangeFault('empty_file')
    const filled = record.values.filter((cell: string) => cell.trim() !== '').length
    if (filled === 0 || (filled === 1 && width > 2 && passed < 10)) continue
    refuseWideHeader(record.values.length)
    if (looksLikeHeader(record.values)) return { headers: uniqueHeaders(record.values) }
    return { headers: uniqueHeaders(record.values.map(() => '')), data: record }
  }
}

const mostColumns = 1000

function refuseWideHeader(found: number): void {
  if (found > mostColumns) throw new ExchangeFault('too_many_columns', { found, limit: mostColumns })
}

function uniqueHeaders(cells: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return cells.map((cell, index) => {
    const name =
      restoreFormula(cell).normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 200) || `#${index + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

async function* rowsAfter(first: FirstRecords, records: AsyncIterator<CsvRecord>): AsyncIterable<CsvRow> {
  const width = first.headers.length
  let earlierRowsWereWhole = false
  if (first.data) yield toRow(first.data)
  for await (const record of { [Symbol.asyncIterator]: () => records }) {
    if (record.values.every((cell) => cell.trim() === '')) continue
    const found = record.values.length
    if (record.endsFile && found < width && earlierRowsWereWhole) {
      throw new ExchangeFault('cut_off', { line: record.line, found, expected: width })
    }
    if (found >= width) earlierRowsWereWhole = true
    yield toRow(record)
  }
}

const toRow = (record: CsvRecord): CsvRow => ({
  line: record.line,
  values: record.values.map(restoreFormula),
})
