import { unpack } from './archive.ts'
import { DocumentRefusal, type Limits } from './document.ts'
import { attributeOf, partsOf } from './xml.ts'

/** What the cells of a workbook refer to. */
interface Book {
  readonly words: readonly string[]
  /** Which of the formats are dates. */
  readonly dates: readonly boolean[]
}

const isWanted = (name: string): boolean =>
  /^xl\/(workbook|sharedStrings|styles|worksheets\/[\w-]+)\.xml$|^xl\/_rels\/workbook\.xml\.rels$/.test(name)

/** The cells of an Excel workbook (ECMA-376, SpreadsheetML): each sheet under its name, a line a row, tabs between. */
export async function textOfXlsx(bytes: Uint8Array, { characters }: Limits): Promise<string> {
  const parts = unpack(bytes, isWanted)
  const workbook = parts.get('xl/workbook.xml')
  if (workbook === undefined) throw new DocumentRefusal('broken')
  const book = {
    words: wordsOf(parts.get('xl/sharedStrings.xml') ?? ''),
    dates: datesOf(parts.get('xl/styles.xml') ?? ''),
  }
  let text = ''
  for (const { name, path } of sheetsOf(workbook, parts.get('xl/_rels/workbook.xml.rels') ?? '')) {
    if (text.length > characters) break
    text += `# ${name}\n${rowsOf(parts.get(path) ?? '', book, characters)}\n`
  }
  return text.trim()
}

function sheetsOf(workbook: string, relations: string): { readonly name: string; readonly path: string }[] {
  const paths = new Map(
    elements(relations, 'Relationship').map((one) => [attributeOf(one, 'Id'), attributeOf(one, 'Target') ?? '']),
  )
  return elements(workbook, 'sheet').map((one) => ({
    name: attributeOf(one, 'name') ?? '',
    path: `xl/${(paths.get(attributeOf(one, 'r:id')) ?? '').replace(/^\/?xl\//, '')}`,
  }))
} // prettier-ignore

/** The attributes of each element of a name. */
function elements(xml: string, name: string): string[] {
  return [...partsOf(xml)].flatMap((part) => (part.kind === 'open' && part.name === name ? [part.attributes] : []))
} // prettier-ignore

/** Texts are kept once, and cells name them by their place. */
function wordsOf(xml: string): string[] {
  const words: string[] = []
  let isText = false
  for (const part of partsOf(xml)) {
    if (part.kind === 'open' && part.name === 'si') words.push('')
    else if (part.kind === 'text') words[words.length - 1] += isText ? part.text : ''
    else if (part.name === 't') isText = part.kind === 'open'
  }
  return words
}

function datesOf(styles: string): boolean[] {
  const formats = new Map(
    elements(styles, 'numFmt').map((one) => [attributeOf(one, 'numFmtId'), attributeOf(one, 'formatCode') ?? '']),
  )
  const cells = styles.slice(styles.indexOf('<cellXfs'), styles.indexOf('</cellXfs>'))
  return elements(cells, 'xf').map((one) => isDate(attributeOf(one, 'numFmtId') ?? '', formats))
} // prettier-ignore

/** Formats 14 to 22 and 45 to 47 are dates and times everywhere; others say so in their letters. */
function isDate(id: string, formats: ReadonlyMap<string | undefined, string>): boolean {
  const number = Number(id)
  if ((number >= 14 && number <= 22) || (number >= 45 && number <= 47)) return true
  return /[dmyh]/i.test((formats.get(id) ?? '').replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ''))
}

const mostColumns = 200

function rowsOf(sheet: string, book: Book, characters: number): string {
  let text = ''
  let row: string[] = []
  let cell = { column: 0, type: '', style: 0, value: '' }
  let isValue = false
  for (const part of partsOf(sheet)) {
    if (text.length > characters) break
    if (part.kind === 'text') cell.value += isValue ? part.text : ''
    else if (part.name === 'v' || part.name === 't') isValue = part.kind === 'open'
    else if (part.name === 'c' && part.kind === 'open') cell = cellOf(part.attributes, row.length)
    else if (part.name === 'c' && cell.column < mostColumns) row[cell.column] = shown(cell, book)
    else if (part.name === 'row' && part.kind === 'close') {
      text += `${Array.from(row, (value = '') => value).join('\t')}\n`
      row = []
    }
  }
  return text
}

/** `r="AB12"` names column and row; a cell without it stands behind the one before. */
function cellOf(attributes: string, next: number) {
  const letters = /^[A-Z]{1,3}/.exec(attributeOf(attributes, 'r') ?? '')?.[0]
  const column = letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : next
  return { column, type: attributeOf(attributes, 't') ?? 'n', style: Number(attributeOf(attributes, 's') ?? 0), value: '' }
} // prettier-ignore

function shown({ type, style, value }: ReturnType<typeof cellOf>, { words, dates }: Book): string {
  const text = type === 's' ? (words[Number(value)] ?? '') : value
  if (type === 'b') return text === '1' ? 'TRUE' : 'FALSE'
  const isDay = type === 'n' && text !== '' && dates[style] === true
  return isDay ? dayOf(Number(text)) : text.replaceAll(/\s+/g, ' ')
}

/** Days since the end of 1899, as Excel counts them, in ISO 8601. */
function dayOf(days: number): string {
  const moment = new Date(Math.round((days - 25_569) * 86_400) * 1_000)
  if (Number.isNaN(moment.getTime())) return String(days)
  return Number.isInteger(days) ? moment.toISOString().slice(0, 10) : moment.toISOString().slice(0, 16)
}
