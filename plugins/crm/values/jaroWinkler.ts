/**
 * Jaro–Winkler similarity of two strings, 0 to 1 (Winkler 1990; prefix scale 0.1, at most 4 characters).
 * Symmetric: the greedy matching of the definition is not, so the pair is put in one order first.
 */
export function jaroWinkler(left: string, right: string): number {
  if (left === right) return 1
  const [first, second] =
    left.length < right.length || (left.length === right.length && left < right)
      ? [left, right]
      : [right, left]
  const similarity = jaro(first, second)
  return similarity + commonPrefix(first, second) * 0.1 * (1 - similarity)
}

function jaro(shorter: string, longer: string): number {
  if (shorter.length === 0) return 0
  const reach = Math.max(0, Math.floor(longer.length / 2) - 1)
  const taken = Array.from(longer, () => false)
  const matched: string[] = []
  for (let index = 0; index < shorter.length; index++) {
    const found = nearestFree(shorter[index] as string, longer, index, reach, taken)
    if (found >= 0) {
      taken[found] = true
      matched.push(shorter[index] as string)
    }
  }
  if (matched.length === 0) return 0
  const opposite = Array.from(longer).filter((_, index) => taken[index])
  const transpositions = matched.filter((letter, index) => letter !== opposite[index]).length / 2
  const count = matched.length
  return (count / shorter.length + count / longer.length + (count - transpositions) / count) / 3
}

function nearestFree(letter: string, text: string, index: number, reach: number, taken: boolean[]): number {
  const end = Math.min(text.length, index + reach + 1)
  for (let at = Math.max(0, index - reach); at < end; at++) {
    if (!taken[at] && text[at] === letter) return at
  }
  return -1
}

function commonPrefix(left: string, right: string): number {
  let length = 0
  while (length < 4 && length < left.length && left[length] === right[length]) length++
  return length
}
