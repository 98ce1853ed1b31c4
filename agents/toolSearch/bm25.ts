/** A kind of thing that can be searched, as the terms that describe it. */
export interface Described {
  readonly name: string
  readonly terms: readonly string[]
}

/** The names that share most telling terms with the query, best first; those that share none are left out. */
export type Ranking = (terms: ReadonlyMap<string, number>) => string[]

/** How soon more of a term stops counting, and how far long descriptions are held against their length. */
const saturation = 1.2
const lengthShare = 0.4

/** Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over an inverted index. */
export function rankByTerms(described: readonly Described[]): Ranking {
  const average = described.reduce((sum, { terms }) => sum + terms.length, 0) / Math.max(1, described.length)
  const index = new Map<string, Map<number, number>>()
  described.forEach(({ terms }, at) => {
    for (const term of terms) {
      const counts = index.get(term) ?? new Map<number, number>()
      counts.set(at, (counts.get(at) ?? 0) + 1)
      index.set(term, counts)
    }
  })
  return (query) => {
    const scores = new Map<number, number>()
    for (const [term, weight] of query) {
      const counts = index.get(term)
      if (!counts) continue
      const rarity = Math.log(1 + (described.length - counts.size + 0.5) / (counts.size + 0.5))
      for (const [at, count] of counts) {
        const length = 1 - lengthShare + (lengthShare * (described[at] as Described).terms.length) / average
        const gain = (count * (saturation + 1)) / (count + saturation * length)
        scores.set(at, (scores.get(at) ?? 0) + weight * rarity * gain)
      }
    }
    return [...scores]
      .sort(([, left], [, right]) => right - left)
      .map(([at]) => (described[at] as Described).name)
  }
}
