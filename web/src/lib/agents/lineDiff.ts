export type Line = { kind: 'same' | 'added' | 'removed'; text: string }

/** What differs between two texts, line by line, in the order of reading; by the longest common subsequence. */
export function lineDiff(before: string, after: string): Line[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  const common = commonLengths(old, now)
  const told: Line[] = []
  let [at, to] = [0, 0]
  while (at < old.length || to < now.length) {
    if (at < old.length && old[at] === now[to]) {
      told.push({ kind: 'same', text: old[at]! })
      at++
      to++
    } else if (at < old.length && (to >= now.length || common[at + 1]![to]! >= common[at]![to + 1]!)) {
      told.push({ kind: 'removed', text: old[at++]! })
    } else told.push({ kind: 'added', text: now[to++]! })
  }
  return told
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.split('\n'))

/** How many lines are common to the texts from each pair of places on. */
function commonLengths(old: string[], now: string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => Array<number>(now.length + 1).fill(0))
  for (let at = old.length - 1; at >= 0; at--)
    for (let to = now.length - 1; to >= 0; to--)
      table[at]![to] = old[at] === now[to] ? table[at + 1]![to + 1]! + 1 : Math.max(table[at + 1]![to]!, table[at]![to + 1]!) // prettier-ignore
  return table
}
