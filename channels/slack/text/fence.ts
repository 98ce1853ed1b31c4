/** A block of code that is open at some line (CommonMark 4.5, fenced code blocks). */
export interface Fence {
  readonly indent: string
  readonly marker: string
  /** What stands behind it, such as the language. */
  readonly info: string
}

/** Longer ones nobody writes: they would not leave room for words when a split repeats them. */
const longestMarker = 50
const longestInfo = 40

/** The fence that is open after a line, given the one that was open before it. */
export function fenceAfter(line: string, open: Fence | undefined): Fence | undefined {
  if (open) return closes(line, open) ? undefined : open
  const found = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line)
  if (!found) return undefined
  const [, indent = '', marker = '', info = ''] = found
  return marker.length > longestMarker ? undefined : { indent, marker, info }
}

function closes(line: string, { marker }: Fence): boolean {
  const end = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]
  return end !== undefined && end[0] === marker[0] && end.length >= marker.length
}

/** The line that opens such a block again. */
export const openingOf = ({ indent, marker, info }: Fence): string =>
  `${indent}${marker}${info.slice(0, longestInfo)}`

export const closingOf = ({ indent, marker }: Fence): string => `${indent}${marker}`
