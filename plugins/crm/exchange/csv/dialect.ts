import { parseEmail, parsePhone } from '#core'

/** In the order of preference where two fit equally well: Danish Excel first. */
export const delimiters = [';', ',', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** How a file's cells are separated. */
interface Dialect {
  readonly delimiter: Delimiter
  /** Cells in an ordinary row of the sample. */
  readonly width: number
}

/** Finds the delimiter that cuts most rows of the sample into the same number of cells, or judges the one that was chosen. */
export function detectDialect(sample: string, chosen?: Delimiter): Dialect {
  const rows = separatorsPerRow(sample)
  const candidates = (chosen ? [chosen] : delimiters).map((delimiter) => judge(delimiter, rows))
  const [best] = candidates.sort((left, right) => right.score - left.score)
  return best && best.score > 0
    ? { delimiter: best.delimiter, width: best.count + 1 }
    : { delimiter: chosen ?? ';', width: 1 }
}

/** Excel's first line `sep=;`, which names the delimiter and is no data. */
export function announcedDelimiter(sample: string): Delimiter | undefined {
  return /^sep=([;,\t|])[ \t]*(?:\r|\n|$)/i.exec(sample)?.[1] as Delimiter | undefined
}

/** Whether a first row holds names of columns rather than somebody's data. */
export function looksLikeHeader(cells: readonly string[]): boolean {
  const holdsData = cells.some((cell) => parseEmail(cell) !== undefined || parsePhone(cell) !== undefined)
  return !holdsData && cells.some((cell) => /\p{L}/u.test(cell))
}

type Counts = Readonly<Record<Delimiter, number>>

/** Counts each candidate outside quotes, for the first rows of the sample; the last row may be cut, so it is left out. */
function separatorsPerRow(sample: string): Counts[] {
  const rows: Counts[] = []
  let counts = { ';': 0, ',': 0, '\t': 0, '|': 0 }
  let quoted = false
  let length = 0
  const finishRow = (): void => {
    if (length > 0) rows.push(counts)
    counts = { ';': 0, ',': 0, '\t': 0, '|': 0 }
    length = 0
  }
  for (const letter of sample) {
    if (letter === '"') quoted = !quoted
    if (!quoted && (letter === '\n' || letter === '\r')) finishRow()
    else length++
    if (!quoted && letter in counts) counts[letter as Delimiter]++
    if (rows.length === 50) return rows
  }
  if (rows.length < 2) finishRow()
  return rows
}

function judge(
  delimiter: Delimiter,
  rows: readonly Counts[],
): { delimiter: Delimiter; count: number; score: number } {
  const tally = new Map<number, number>()
  for (const row of rows) tally.set(row[delimiter], (tally.get(row[delimiter]) ?? 0) + 1)
  tally.delete(0)
  const [count = 0, rowsWithIt = 0] =
    [...tally].sort((left, right) => right[1] - left[1] || right[0] - left[0])[0] ?? []
  return { delimiter, count, score: rowsWithIt / rows.length + Math.min(count, 50) / 1000 }
}
