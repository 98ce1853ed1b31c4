import { foldExpanded, foldPlain } from './fold.ts'
import { jaroWinkler } from './jaroWinkler.ts'

export interface PersonName {
  readonly firstName: string
  readonly lastName: string
}

/**
 * Splits a full name: `Anne Marie Holm` → `Anne Marie` + `Holm`, `Holm, Anne` → `Anne` + `Holm`,
 * `Jens von der Recke` → `Jens` + `von der Recke`. A single word is a first name. Forms of address are dropped.
 */
export function splitName(full: string): PersonName {
  const text = full.replace(/\s+/g, ' ').trim().replace(formOfAddress, '')
  const [before = '', after, ...more] = text.split(/\s*,\s*/)
  if (after && more.length === 0) return { firstName: after, lastName: before }
  const words = text.split(' ')
  const start = lastNameStart(words)
  return { firstName: words.slice(0, start).join(' '), lastName: words.slice(start).join(' ') }
}

/** First and last name in reading order. */
export const joinName = (...parts: readonly (string | undefined)[]): string =>
  parts
    .map((part) => part?.trim())
    .filter((part) => part)
    .join(' ')

/**
 * How alike two names are, 0 to 1, whatever the spelling of æøå, case, marks and order (`Lund, Sofie`).
 * An initial stands for any name that begins with it, at a small discount. Symmetric.
 */
export function nameSimilarity(left: string, right: string): number {
  return Math.max(
    similarity(words(left, foldExpanded), words(right, foldExpanded)),
    similarity(words(left, foldPlain), words(right, foldPlain)),
  )
}

const formOfAddress = /^(?:(?:hr|fr|fru|frk|dr|prof|mr|mrs|ms|miss)\.?\s+)+(?=\S+\s+\S)/i

const particles = new Set([
  'af',
  'von',
  'van',
  'de',
  'der',
  'den',
  'du',
  'di',
  'da',
  'la',
  'le',
  'ter',
  'ten',
  'zu',
  'el',
  'al',
  'bin',
])

function lastNameStart(words: readonly string[]): number {
  if (words.length === 1) return 1
  let start = words.length - 1
  while (start > 1 && particles.has((words[start - 1] as string).toLowerCase())) start--
  return start
}

type Fold = (text: string) => string

const words = (name: string, fold: Fold): string[] =>
  fold(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word)
    .sort()

/** Word by word, each with its best partner; then weighed by letters, so that a short odd word counts little. */
function similarity(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0
  const whole = jaroWinkler(left.join(' '), right.join(' '))
  const byWord = Math.min(coverage(left, right), coverage(right, left))
  return left.join(' ') === right.join(' ') ? 1 : Math.min(0.99, (whole + 3 * byWord) / 4)
}

function coverage(from: readonly string[], to: readonly string[]): number {
  const letters = from.reduce((sum, word) => sum + word.length, 0)
  const alike = from.reduce(
    (sum, word) => sum + word.length * Math.max(...to.map((other) => wordSimilarity(word, other))),
    0,
  )
  return alike / letters
}

function wordSimilarity(left: string, right: string): number {
  const [shorter, longer] = left.length <= right.length ? [left, right] : [right, left]
  return shorter.length === 1 && longer.startsWith(shorter) ? 0.9 : jaroWinkler(left, right)
}
