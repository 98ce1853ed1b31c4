/**
 * Whether two words are one slip apart (two in words of eight letters or more): a letter wrong, missing, doubled or two
 * swapped. Optimal string alignment (Damerau 1964), given up as soon as it is certain.
 */
export function isSlip(left: string, right: string): boolean {
  const allowed = Math.min(left.length, right.length) >= 8 ? 2 : 1
  if (Math.abs(left.length - right.length) > allowed || left.length < 4 || right.length < 4) return false
  return distance(left, right, allowed) <= allowed
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
