import { parseInline, type Inline } from './inline.ts'

export type Alignment = 'left' | 'center' | 'right'
type ListItem = { content: Inline[]; children: Block[] }
export type Block =
  | { kind: 'paragraph'; content: Inline[] }
  | { kind: 'heading'; content: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; start: number; items: ListItem[] }
  | { kind: 'table'; align: Alignment[]; head: Inline[][]; rows: Inline[][][] }

/**
 * Reads the Markdown that agents write: paragraphs, headings, lists, fenced code and pipe tables. Everything else is
 * text. Text that is still arriving is read as it stands, so an unfinished table or fence is drawn while it grows.
 */
export function parseMarkdown(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, '\n').split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length;) {
    const [block, next] = readBlock(lines, at)
    if (block) blocks.push(block)
    at = next
  }
  return blocks
}

type Read = [block: Block | undefined, next: number]

const fence = /^\s{0,3}```/
const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*$/
const bullet = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/
const rule = /^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$/

function readBlock(lines: string[], at: number): Read {
  const line = lines[at]!
  if (line.trim() === '') return [undefined, at + 1]
  if (fence.test(line)) return readCode(lines, at)
  const title = heading.exec(line)
  if (title) return [{ kind: 'heading', content: parseInline(title[1]!) }, at + 1]
  if (isTable(lines, at)) return readTable(lines, at)
  if (bullet.test(line)) return readList(lines, at)
  return readParagraph(lines, at)
}

function readCode(lines: string[], at: number): Read {
  const end = lines.findIndex((line, index) => index > at && fence.test(line))
  const last = end < 0 ? lines.length : end
  return [{ kind: 'code', text: lines.slice(at + 1, last).join('\n') }, last + 1]
}

function readParagraph(lines: string[], at: number): Read {
  let end = at + 1
  while (end < lines.length && !startsBlock(lines, end)) end++
  const text = lines.slice(at, end).map((line) => line.trim()).join('\n') // prettier-ignore
  return [{ kind: 'paragraph', content: parseInline(text) }, end]
}

function startsBlock(lines: string[], at: number): boolean {
  const line = lines[at]!
  return (
    line.trim() === '' || fence.test(line) || heading.test(line) || bullet.test(line) || isTable(lines, at)
  )
}

function readList(lines: string[], at: number): Read {
  const first = bullet.exec(lines[at]!)!
  const indent = first[1]!.length
  const ordered = first[3] !== undefined
  const items: ListItem[] = []
  let next = at
  for (let found = itemAt(lines, next, indent, ordered); found !== undefined;) {
    const end = endOfItem(lines, next, indent)
    items.push(readItem(found, lines.slice(next + 1, end)))
    next = skipBlank(lines, end)
    found = itemAt(lines, next, indent, ordered)
  }
  return [{ kind: 'list', ordered, start: Number(first[3] ?? 1), items }, next]
}

function itemAt(lines: string[], at: number, indent: number, ordered: boolean): string | undefined {
  const found = bullet.exec(lines[at] ?? '')
  if (!found || found[1]!.length > indent + 1 || found[1]!.length < indent) return undefined
  return (found[3] !== undefined) === ordered ? found[4] : undefined
}

/** The lines of an item go on while they are indented deeper than its marker. */
function endOfItem(lines: string[], at: number, indent: number): number {
  let end = at + 1
  while (end < lines.length && lines[end]!.trim() !== '' && lines[end]!.search(/\S/) > indent + 1) end++
  return end
}

function readItem(text: string, below: string[]): ListItem {
  const nestedAt = below.findIndex((line) => bullet.test(line))
  const continued = nestedAt < 0 ? below : below.slice(0, nestedAt)
  const nested = nestedAt < 0 ? '' : below.slice(nestedAt).join('\n')
  const content = [text, ...continued.map((line) => line.trim())].join('\n')
  return { content: parseInline(content), children: nested ? parseMarkdown(outdent(nested)) : [] }
}

/** Each level loses its indent before it is read, so depth costs a list and not a stack of rules. */
function outdent(text: string): string {
  const indent = Math.max(1, text.search(/\S/))
  return text.replace(new RegExp(`^ {1,${Math.min(indent, 1000)}}`, 'gm'), '')
}

function skipBlank(lines: string[], at: number): number {
  return lines[at]?.trim() === '' && bullet.test(lines[at + 1] ?? '') ? at + 1 : at
}

function isTable(lines: string[], at: number): boolean {
  const [head, below] = [lines[at] ?? '', lines[at + 1] ?? '']
  return (
    head.includes('|') &&
    below.includes('-') &&
    rule.test(below) &&
    cells(head).length === cells(below).length
  )
}

function readTable(lines: string[], at: number): Read {
  const align = cells(lines[at + 1]!).map(alignment)
  let end = at + 2
  while (end < lines.length && lines[end]!.includes('|')) end++
  const row = (line: string) => align.map((_, column) => parseInline(cells(line)[column] ?? ''))
  return [{ kind: 'table', align, head: row(lines[at]!), rows: lines.slice(at + 2, end).map(row) }, end]
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '') // prettier-ignore
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function alignment(mark: string): Alignment {
  if (!mark.endsWith(':')) return 'left'
  return mark.startsWith(':') ? 'center' : 'right'
}
