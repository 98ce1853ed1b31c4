import type { ContactDraft, ContactResult, RowFault } from '../exchange/contact.ts'
import type { CsvRow } from '../exchange/csv/read.ts'
import type { Columns } from '../exchange/mapping/suggest.ts'
import { contactReader } from '../exchange/toContact.ts'

/** A row of a file as it waits: the cells of a CSV row, or a card that was read already. */
export type WaitingRow = CsvRow | { readonly line: number; readonly result: ContactResult }

export interface ReadRow {
  readonly line: number
  readonly contact: ContactDraft
}

export interface RefusedWaitingRow {
  readonly fault: RowFault
  readonly cells: readonly string[]
}

/** Reads waiting rows by the file's headers and the mapping that was chosen. */
export function readRows(rows: readonly WaitingRow[], headers: readonly string[], columns: Columns) {
  const readCells = contactReader(headers, columns)
  const read: ReadRow[] = []
  const refused: RefusedWaitingRow[] = []
  for (const row of rows) {
    const result = 'values' in row ? readCells(row) : row.result
    if ('contact' in result) read.push({ line: row.line, contact: result.contact })
    else
      refused.push({ fault: { ...result.fault, line: row.line }, cells: 'values' in row ? row.values : [] })
  }
  return { read, refused }
}
