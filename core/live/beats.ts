/** Members in turn, the same number at each step as near as may be: nobody is asked in one rush. */
export interface Beats<Member> {
  readonly length: number
  add(member: Member): void
  remove(member: Member): void
  /** Whose turn it is now. */
  next(): Iterable<Member>
}

export function createBeats<Member>(length: number): Beats<Member> {
  const turns = Array.from({ length }, () => new Set<Member>())
  let [joining, turn] = [0, 0]
  return {
    length,
    add: (member) => void turns[joining++ % length]!.add(member),
    remove: (member) => {
      for (const members of turns) if (members.delete(member)) return
    },
    next: () => turns[turn++ % length]!,
  }
}
