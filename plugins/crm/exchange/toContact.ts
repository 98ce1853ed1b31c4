import type { ContactResult, RowFault } from './contact.ts'
import type { CsvRow } from './csv/read.ts'
import type { Columns } from './mapping/suggest.ts'
import { normaliseContact } from './normalise.ts'

/**
 * A function that turns the rows of one file into contacts, by a mapping of its headers: phones in E.164, emails in
 * lower case, Danish dates as ISO, cells with several values split. A row at fault says which column and why.
 */
export function contactReader(headers: readonly string[], columns: Columns): (row: CsvRow) => ContactResult {
  const mapped = headers.flatMap((column, index) => {
    const target = columns[column]
    return target ? [{ column, index, target }] : []
  })
  return (row) => {
    const fault = surplusCells(row, headers.length)
    if (fault) return { fault }
    const fields = mapped.map(({ column, index, target }) => ({
      column,
      target,
      text: row.values[index] ?? '',
    }))
    return normaliseContact(fields, row.line)
  }
}

/** More cells than headers means that the row is cut in the wrong places, and every later cell is off by some. */
function surplusCells({ line, values }: CsvRow, expected: number): RowFault | undefined {
  if (!values.slice(expected).some((cell) => cell.trim() !== '')) return undefined
  return {
    line,
    column: null,
    message: {
      da: `Rækken har ${values.length} felter, men filen har ${expected} kolonner. Sæt anførselstegn om felter, der indeholder skilletegnet.`,
      en: `The row has ${values.length} cells, but the file has ${expected} columns. Put quotation marks around cells that hold the delimiter.`,
    },
  }
}
