import type { RowFault } from './contact.ts'
import type { CsvRow } from './csv/read.ts'
import { writeCsv, type CsvWriting } from './csv/write.ts'

/** A row that could not be taken, and why. */
export interface RefusedRow {
  readonly row: CsvRow
  readonly fault: RowFault
}

/**
 * Writes the rows that could not be taken as a CSV file: the original cells under the original headers, with the
 * reason and the line of the original file behind them. Corrected, the same file can be imported again.
 */
export function writeErrorFile(
  headers: readonly string[],
  refused: AsyncIterable<RefusedRow> | Iterable<RefusedRow>,
  locale: 'da' | 'en',
  writing: CsvWriting = {},
): AsyncIterable<Uint8Array> {
  const added = locale === 'da' ? ['Fejl', 'Linje i filen'] : ['Error', 'Line of the file']
  return writeCsv([...headers, ...added], errorRows(refused, headers.length, locale), writing)
}

async function* errorRows(
  refused: AsyncIterable<RefusedRow> | Iterable<RefusedRow>,
  width: number,
  locale: 'da' | 'en',
): AsyncIterable<string[]> {
  for await (const { row, fault } of refused) {
    const reason = fault.column === null ? fault.message[locale] : `${fault.column}: ${fault.message[locale]}`
    yield [...fitted(row.values, width), reason, String(row.line)]
  }
}

/** Surplus cells go into the last column, so that the reason stays under its header and nothing is lost. */
function fitted(values: readonly string[], width: number): string[] {
  const cells = Array.from({ length: width }, (_, index) => values[index] ?? '')
  const surplus = values.slice(width).filter((cell) => cell.trim() !== '')
  if (surplus.length > 0) cells[width - 1] = [cells[width - 1], ...surplus].join(' | ')
  return cells
}
