import { ExchangeFault } from '../fault.ts'

export interface TextLine {
  /** Where it begins in the file, counted from 1. */
  readonly line: number
  readonly text: string
}

/** One card, pictures and all, may be this large. */
export const longestCard = 10 * 1024 * 1024

/**
 * Joins folded lines into content lines: a line that begins with a space or tab continues the one before, and so does
 * whatever follows a quoted-printable line that ends in `=` (vCard 2.1).
 */
export async function* unfoldLines(text: AsyncIterable<string>): AsyncIterable<TextLine> {
  let held: { line: number; size: number; parts: string[] } | undefined
  let softBreak = false
  for await (const { line, text: physical } of physicalLines(text)) {
    if (held && (softBreak || /^[ \t]/.test(physical))) {
      held.parts.push(softBreak ? physical.replace(/^[ \t]+(?==|\S)/, '') : physical.slice(1))
    } else {
      if (held) yield { line: held.line, text: held.parts.join('') }
      held = { line, size: 0, parts: [physical] }
    }
    held.size += physical.length
    if (held.size > longestCard) throw tooLong(held.line)
    softBreak = endsInSoftBreak(held.parts)
    if (softBreak) held.parts.push((held.parts.pop() as string).slice(0, -1))
  }
  if (held) yield { line: held.line, text: held.parts.join('') }
}

const endsInSoftBreak = (parts: readonly string[]): boolean =>
  (parts.at(-1)?.endsWith('=') ?? false) && /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE/i.test(parts[0] as string)

async function* physicalLines(text: AsyncIterable<string>): AsyncIterable<TextLine> {
  let rest = ''
  let line = 1
  for await (const chunk of text) {
    // A \r at the end of a chunk may be half a line end, so it waits for the next.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() as string
    for (const complete of lines) yield { line: line++, text: complete }
    if (rest.length > longestCard) throw tooLong(line)
  }
  for (const last of rest.split('\r')) if (last !== '') yield { line: line++, text: last }
}

export const tooLong = (line: number): ExchangeFault =>
  new ExchangeFault('card_too_long', { line, limit: longestCard / 1024 / 1024 })
