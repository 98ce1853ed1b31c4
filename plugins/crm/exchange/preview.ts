import type { RowFault } from './contact.ts'
import { readCsv, type CsvFile, type CsvRow } from './csv/read.ts'
import { suggestMapping, type Columns, type Mapping } from './mapping/suggest.ts'
import { contactReader } from './toContact.ts'

/** What an import of the file would do, found by reading all of it and storing nothing. */
interface CsvPreview extends Pick<CsvFile, 'delimiter' | 'encoding' | 'headers'> {
  /** Suggested from the headers and the sample, whatever mapping was given. */
  readonly suggestion: Mapping
  readonly rowCount: number
  /** The first rows. */
  readonly sample: readonly CsvRow[]
  readonly refusedCount: number
  /** The first rows that would be refused, with the reason. */
  readonly refused: readonly RowFault[]
}

const shown = 20

/**
 * Reads a whole file before anything of it is imported, so that a file that is cut off or damaged far down is refused
 * with an `ExchangeFault` while nothing is written yet. `columns` is the mapping to try; the suggestion by default.
 */
export async function previewCsv(source: AsyncIterable<Uint8Array>, columns?: Columns): Promise<CsvPreview> {
  const file = await readCsv(source)
  const sample: CsvRow[] = []
  const refused: RowFault[] = []
  let rowCount = 0
  let refusedCount = 0
  let read: ReturnType<typeof contactReader> | undefined
  const judge = (row: CsvRow): void => {
    read ??= contactReader(file.headers, columns ?? suggestFor(file, sample).columns)
    const result = read(row)
    if (!('fault' in result)) return
    if (refusedCount++ < shown) refused.push(result.fault)
  }
  for await (const row of file.rows) {
    if (rowCount++ < shown) sample.push(row)
    else if (rowCount === shown + 1) [...sample, row].forEach(judge)
    else judge(row)
  }
  if (rowCount <= shown) sample.forEach(judge)
  const { delimiter, encoding, headers } = file
  return {
    delimiter,
    encoding,
    headers,
    suggestion: suggestFor(file, sample),
    rowCount,
    sample,
    refusedCount,
    refused,
  }
}

const suggestFor = (file: CsvFile, sample: readonly CsvRow[]): Mapping =>
  suggestMapping(
    file.headers,
    sample.map((row) => row.values),
  )
