import { closingOf, fenceAfter, openingOf, type Fence } from './fence.ts'

/** A part of a text that fits into one message. */
export interface Piece {
  /** What opens again the code that the part before was cut in. */
  readonly opening: string
  readonly body: string
  /** What closes the code that it ends in. */
  readonly closing: string
}

export const textOf = ({ opening, body, closing }: Piece): string => `${opening}${body}${closing}`

/**
 * Where a message may end, by the characters that it has by then: the longer it is, the less it waits for a good place.
 * All are far enough under Slack's 12,000 for what opens and closes code.
 */
const ends = { block: 9_000, line: 9_800, anyLine: 10_400, word: 10_800, any: 11_000 }

/**
 * Cuts Markdown into messages, from left to right: where a message ends follows from what stands before, so that it is
 * the same for a text that is still growing. An empty text is one empty piece.
 */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  let fence: Fence | undefined
  let opening = ''
  while (true) {
    const cut = nextCut(text, start, opening.length, fence)
    const open = cut.fence
    const body = text.slice(start, cut.at)
    const closing = open ? `${body.endsWith('\n') || body === '' ? '' : '\n'}${closingOf(open)}` : ''
    pieces.push({ opening, body, closing })
    if (cut.at >= text.length) return pieces
    start = cut.at
    fence = open
    opening = open ? `${openingOf(open)}\n` : ''
  }
}

interface Cut {
  readonly at: number
  /** The code that is open there. */
  readonly fence: Fence | undefined
}

function nextCut(text: string, start: number, before: number, open: Fence | undefined): Cut {
  let fence = open
  let lineStart = start
  while (lineStart < text.length) {
    const newline = text.indexOf('\n', lineStart)
    const lineEnd = newline < 0 ? text.length : newline + 1
    const within = cutInLine(text, lineStart, lineEnd, start - before)
    if (within !== undefined) return { at: within, fence }
    const line = text.slice(lineStart, newline < 0 ? lineEnd : newline)
    fence = fenceAfter(line, fence)
    const length = lineEnd - start + before
    if (newline >= 0 && isGoodEnd(line, length, fence)) return { at: lineEnd, fence }
    lineStart = lineEnd
  }
  return { at: text.length, fence }
}

function isGoodEnd(line: string, length: number, fence: Fence | undefined): boolean {
  if (length >= ends.anyLine) return true
  if (fence) return false
  return length >= ends.line ? !line.includes('|') : length >= ends.block && line.trim() === ''
}

/** A line that goes on too long is cut after a word, or at last anywhere, but not within a character. */
function cutInLine(text: string, from: number, to: number, origin: number): number | undefined {
  for (let at = Math.max(from + 1, origin + ends.word); at < to; at++) {
    if (at - origin >= ends.any) return isLowSurrogate(text, at) ? at - 1 : at
    if (/\s/.test(text[at - 1]!)) return at
  }
  return undefined
}

const isLowSurrogate = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text[at] ?? '')
