import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { neutraliseFormula } from './formulas.ts'

export interface CsvWriting {
  /** `;` is what Danish Excel opens as columns; `,` is RFC 4180. */
  readonly delimiter?: ';' | ','
  /** A byte order mark lets Excel see that the file is UTF-8. */
  readonly byteOrderMark?: 'write' | 'omit'
}

/**
 * Writes a CSV file as UTF-8 with CRLF line ends, row by row, no faster than it is read. Cells that a spreadsheet
 * would run as formulas are neutralised; `readCsv` gives every cell back exactly.
 */
export async function* writeCsv(
  headers: readonly string[],
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  { delimiter = ';', byteOrderMark = 'write' }: CsvWriting = {},
): AsyncIterable<Uint8Array> {
  const writer = stringify({
    delimiter,
    bom: byteOrderMark === 'write',
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    quoted_match: otherDelimiters,
  })
  pipeline(Readable.from(neutralised(headers, rows)), writer, () => undefined)
  yield* writer as AsyncIterable<Uint8Array>
}

/** So that a reader who has to guess the delimiter is not led astray, nor by a space at the edge of a cell. */
const otherDelimiters = /[;,\t|]|^\s|\s$/

async function* neutralised(
  headers: readonly string[],
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncIterable<string[]> {
  yield headers.map(neutraliseFormula)
  for await (const row of rows) yield row.map(neutraliseFormula)
}
