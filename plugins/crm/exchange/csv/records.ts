import { pipeline, Readable } from 'node:stream'
import { CsvError, Parser } from 'csv-parse'
import { ExchangeFault } from '../fault.ts'

/** One record as it stands in the file, before headers are known. */
export interface CsvRecord {
  /** The line where it begins, counted from 1. */
  readonly line: number
  readonly values: readonly string[]
  /** It is the last record, and no line end follows it. */
  readonly endsFile: boolean
}

const longestRecord = 1_048_576

/** Cuts text into records, with quotes, line ends of every system (also mixed) and rows of uneven length. */
export async function* parseRecords(
  text: AsyncIterable<string>,
  delimiter: string,
): AsyncIterable<CsvRecord> {
  const ending = { open: false }
  const lines = new LineCounter()
  const parser = new Parser({
    delimiter,
    // Here, since a fault drops the records that the stream still holds, and its line follows theirs.
    on_record: (values: string[], { empty_lines }) =>
      ({ values, line: lines.place(values, empty_lines) }) as never,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
  })
  pipeline(Readable.from(watchEnding(text, ending)), parser, () => undefined)
  try {
    let held: CsvRecord | undefined
    for await (const record of parser as AsyncIterable<Omit<CsvRecord, 'endsFile'>>) {
      if (held) yield held
      held = { ...record, endsFile: false }
    }
    if (held) yield { ...held, endsFile: ending.open }
  } catch (error) {
    throw asFault(error, lines.next(parser.info.empty_lines))
  }
}

async function* watchEnding(text: AsyncIterable<string>, ending: { open: boolean }): AsyncIterable<string> {
  for await (const chunk of text) {
    ending.open = !/[\r\n]$/.test(chunk)
    yield chunk
  }
}

/** The parser counts a quoted \r\n as two lines, so lines are counted here, as a text editor does. */
class LineCounter {
  #end = 0
  #empty = 0

  /** Where a record begins that follows all those placed before. */
  place(record: readonly string[], emptyLines: number): number {
    const line = this.next(emptyLines)
    this.#empty = emptyLines
    this.#end = line
    for (const cell of record) this.#end += cell.match(/\r\n|\r|\n/g)?.length ?? 0
    return line
  }

  next(emptyLines: number): number {
    return this.#end + 1 + emptyLines - this.#empty
  }
}

function asFault(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error
  if (error.code === 'CSV_MAX_RECORD_SIZE') return new ExchangeFault('row_too_long', { line })
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return new ExchangeFault('unclosed_quote', { line })
  return error
}
