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

/** Where a term stands, and what it gains each of those descriptions. */
interface Postings {
  readonly described: number[]
  readonly gains: number[]
}

/** Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over an inverted index. */
export function rankByTerms(described: readonly Described[]): Ranking {
  const index = indexOf(described)
  return (query) => {
    const scores = new Float64Array(described.length)
    const found: number[] = []
    for (const [term, weight] of query) {
      const postings = index.get(term)
      postings?.described.forEach((at, place) => {
        if (scores[at] === 0) found.push(at)
        scores[at] = (scores[at] as number) + weight * (postings.gains[place] as number)
      })
    }
    return found
      .sort((left, right) => (scores[right] as number) - (scores[left] as number))
      .map((at) => (described[at] as Described).name)
  }
}

function indexOf(described: readonly Described[]): ReadonlyMap<string, Postings> {
  const average = described.reduce((sum, { terms }) => sum + terms.length, 0) / Math.max(1, described.length)
  const gainOf = (count: number, terms: number): number =>
    (count * (saturation + 1)) / (count + saturation * (1 - lengthShare + (lengthShare * terms) / average))
  return new Map(
    [...countsOf(described)].map(([term, counts]) => {
      const rarity = Math.log(1 + (described.length - counts.size + 0.5) / (counts.size + 0.5))
      const gains = [...counts].map(
        ([at, count]) => rarity * gainOf(count, (described[at] as Described).terms.length),
      )
      return [term, { described: [...counts.keys()], gains }]
    }),
  )
}

/** How often each term stands in each description that holds it. */
function countsOf(described: readonly Described[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const counted = new Map<string, Map<number, number>>()
  described.forEach(({ terms }, at) => {
    for (const term of terms) {
      const counts = counted.get(term) ?? new Map<number, number>()
      counts.set(at, (counts.get(at) ?? 0) + 1)
      counted.set(term, counts)
    }
  })
  return counted
}
