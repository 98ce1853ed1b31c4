import { sentence, type Locale, type Sentence } from '#core'
import { fenceAfter, type Fence } from './fence.ts'
import { harmless, storable, withoutImages } from './harmless.ts'
import { csvOf, headingLines, tablesIn, type Table } from './table.ts'

export interface Rendering {
  readonly locale: Locale
  /** Slack ids of people whom the text may mention. */
  readonly mentions?: readonly string[]
}

/** Markdown as Slack may show it, and what is sent beside it. */
export interface Rendered {
  readonly text: string
  readonly files: readonly { readonly name: string; readonly content: Buffer }[]
}

/** Rows of a table that are shown in any case, and those with which it becomes a file. */
const rowsShown = 10
const mostRows = 20

/** Makes of a model's Markdown what Slack can show and nobody is called by; long tables become files. */
export function render(text: string, { locale, mentions = [] }: Rendering): Rendered {
  const lines = storable(text).split('\n')
  const long = tablesIn(lines).filter((table) => rowsOf(table) > mostRows)
  const names = long.map((_, index) => `${sentence(fileName, locale)}-${index + 1}.csv`)
  const shown = shorten(safeLines(lines, mentions), long, (table, index) =>
    sentence(inFile, locale, { rows: rowsOf(table), file: names[index] }),
  )
  return {
    text: shown.join('\n'),
    files: long.map((table, index) => ({ name: names[index]!, content: csvOf(lines, table, locale) })),
  }
}

/**
 * The part of a text that is still growing which looks the same however it goes on: what a later word could make a sign
 * of Slack's is held back, and so is what of a table may go to a file.
 */
export function settledPart(text: string): string {
  const clean = storable(text.replace(/\r$/, ''))
  const end = clean.slice(0, clean.length - heldBack(clean))
  const lines = end.split('\n')
  const last = tablesIn(lines).at(-1)
  if (!last || last.to < lines.length - 1 || rowsOf(last) < rowsShown) return end
  return lines.slice(0, last.from + headingLines + rowsShown).join('\n')
}

/** Characters at the end of a text that belong to a word with such a sign in it, or are half of a character. */
function heldBack(text: string): number {
  let wordStart = text.length
  while (wordStart > 0 && /\S/.test(text[wordStart - 1]!)) wordStart--
  const word = text.slice(wordStart)
  const from = word.search(/[<&!@\\]|[\uD800-\uDBFF]$/)
  return from < 0 ? 0 : word.length - from
}

const rowsOf = ({ from, to }: Table): number => to - from - headingLines

/** Code at the margin stays as it is but for signs that call; elsewhere images are links too. */
function safeLines(lines: readonly string[], mentions: readonly string[]): string[] {
  let fence: Fence | undefined
  return lines.map((line) => {
    const isCode = fence?.indent === ''
    fence = fenceAfter(line, fence)
    return isCode ? harmless(line, mentions) : withoutImages(harmless(line, mentions))
  })
}

function shorten(
  lines: readonly string[],
  tables: readonly Table[],
  note: (table: Table, index: number) => string,
): string[] {
  let from = 0
  const kept = tables.flatMap((table, index) => {
    const until = table.from + headingLines + rowsShown
    const before = lines.slice(from, until)
    from = table.to
    return [...before, '', note(table, index), ...(lines[table.to]?.trim() ? [''] : [])]
  })
  return [...kept, ...lines.slice(from)]
}

const fileName: Sentence = { da: 'tabel', en: 'table' }
const inFile: Sentence = {
  da: '_De første rækker af {rows, number}; alle står i {file}._',
  en: '_The first rows of {rows, number}; all of them are in {file}._',
}
