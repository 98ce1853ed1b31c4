import { stringify } from 'csv-stringify/sync'
import type { Locale } from '#core'
import { fenceAfter, type Fence } from './fence.ts'

/** A table of Markdown (GitHub Flavored Markdown 4.10) by its lines: `from` is its heading, `to` the first line after it. */
export interface Table {
  readonly from: number
  readonly to: number
}

/** Lines before the first row: the heading, and the dashes under it. */
export const headingLines = 2

/** The tables of a text's lines, in order; what stands in code is none. */
export function tablesIn(lines: readonly string[]): Table[] {
  const found: Table[] = []
  let fence: Fence | undefined
  for (let from = 0; from < lines.length; from++) {
    const wasOpen = fence !== undefined
    fence = fenceAfter(lines[from]!, fence)
    if (wasOpen || fence || !beginsAt(lines, from)) continue
    let to = from + headingLines
    while (to < lines.length && isRow(lines[to]!)) to++
    found.push({ from, to })
    from = to - 1
  }
  return found
}

function beginsAt(lines: readonly string[], from: number): boolean {
  const heading = lines[from]!
  const dashes = lines[from + 1]
  return (
    dashes !== undefined && isRow(heading) && isRow(dashes) && cellsOf(dashes).every((cell) => /^:?-+:?$/.test(cell))
    && cellsOf(dashes).length === cellsOf(heading).length
  ) // prettier-ignore
}

const isRow = (line: string): boolean => line.includes('|') && !fenceAfter(line, undefined)

/** The cells of a row; `\|` is a bar that belongs to its cell. */
function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

const delimiters: Readonly<Record<Locale, string>> = { da: ';', en: ',' }

/** The rows as a file that spreadsheets open (RFC 4180), as they are written in the person's language. */
export function csvOf(lines: readonly string[], { from, to }: Table, locale: Locale): Buffer {
  const rows = [lines[from]!, ...lines.slice(from + headingLines, to)].map(cellsOf)
  const text = stringify(rows.map((row) => row.map(cellText)), {
    bom: true,
    delimiter: delimiters[locale],
    record_delimiter: 'windows',
  }) // prettier-ignore
  return Buffer.from(text)
}

/** Without the marks of bold and code, and never a formula that a spreadsheet would run (OWASP: CSV Injection). */
function cellText(cell: string): string {
  const bare = cell.replaceAll(/\*\*|`/g, '')
  return /^[=+\-@\t\r＝＋－＠]/.test(bare) && !/^[-+]?[\d.,]+$/.test(bare) ? `'${bare}` : bare
}
