/**
 * Whether two words are one slip apart (two in words of eight letters or more): a letter wrong, missing, doubled or two
 * swapped. Optimal string alignment (Damerau 1964), given up as soon as it is certain.
 */
export function isSlip(left: string, right: string): boolean {
  const allowed = Math.min(left.length, right.length) >= 8 ? 2 : 1
  if (Math.abs(left.length - right.length) > allowed || left.length < 4 || right.length < 4) return false
  if (bitsIn(lettersOf(left) ^ lettersOf(right)) > 2 * allowed) return false
  return distance(left, right, allowed) <= allowed
}

/** Which letters a word has, a bit for each: a slip changes two of them at most, which spares most comparisons. */
function lettersOf(word: string): number {
  let letters = 0
  for (let at = 0; at < word.length; at++) letters |= 1 << (word.charCodeAt(at) & 31)
  return letters
}

function bitsIn(number: number): number {
  let count = 0
  for (let left = number; left !== 0; left &= left - 1) count += 1
  return count
}

function distance(left: string, right: string, allowed: number): number {
  let before: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      current.push(cell(left, right, row, column, before, previous, current))
    }
    if (Math.min(...current) > allowed) return allowed + 1
    before = previous
    previous = current
  }
  return previous[right.length] as number
}

function cell(
  left: string,
  right: string,
  row: number,
  column: number,
  before: readonly number[],
  previous: readonly number[],
  current: readonly number[],
): number {
  const same = left[row - 1] === right[column - 1] ? 0 : 1
  const best = Math.min(
    (previous[column] as number) + 1,
    (current[column - 1] as number) + 1,
    (previous[column - 1] as number) + same,
  )
  const swapped =
    row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
  return swapped ? Math.min(best, (before[column - 2] as number) + 1) : best
}
