import { fold } from '../language/fold.ts'
import { stem } from '../language/stem.ts'
import { synonymsOf } from '../language/synonyms.ts'
import { isFunctionWord } from '../language/words.ts'
import { resourceOf } from '../card.ts'
import { isLiteral, type Pattern } from './patterns.ts'

/** Which words name which kind of thing: `aftale`, `deal` → `crm.deals`. Learned, nobody lists them. */
export interface Nouns {
  has(stemmed: string): boolean
  of(resource: string): ReadonlySet<string>
  names(stemmed: string, resource: string): boolean
}

/** `qualities` of a resource are the words for its states, such as "lost": they tell things apart, and name no kind of thing. */
export function learnNouns(
  patterns: readonly Pattern[],
  qualities: (resource: string) => ReadonlySet<string>,
): Nouns {
  const byResource = new Map<string, Set<string>>()
  for (const resource of new Set(patterns.map((pattern) => resourceOf(pattern.operation)))) {
    byResource.set(resource, new Set(ownName(resource)))
  }
  for (const [stemmed, uses] of usesByStem(patterns)) {
    const resource = mostly(uses)
    if (resource && !qualities(resource).has(stemmed)) byResource.get(resource)?.add(stemmed)
  }
  const all = new Set([...byResource.values()].flatMap((stems) => [...stems]))
  const none: ReadonlySet<string> = new Set()
  return {
    has: (stemmed) => all.has(stemmed),
    of: (resource) => byResource.get(resource) ?? none,
    names: (stemmed, resource) => byResource.get(resource)?.has(stemmed) ?? false,
  }
}

/** The resource's own English name and what means the same. */
function ownName(resource: string): string[] {
  const name = stem(fold(resource.split('.').at(-1) as string))
  return [name, ...synonymsOf(name)]
}

type Uses = Map<string, Set<string>>

function usesByStem(patterns: readonly Pattern[]): Map<string, Uses> {
  const found = new Map<string, Uses>()
  for (const { operation, parts } of patterns) {
    for (const part of parts) {
      if (!isLiteral(part) || isFunctionWord(part.word) || part.stem.length < 3) continue
      const uses = found.get(part.stem) ?? (new Map() as Uses)
      const resource = resourceOf(operation)
      uses.set(resource, (uses.get(resource) ?? new Set()).add(operation))
      found.set(part.stem, uses)
    }
  }
  return found
}

const fewestOperations = 3
const share = 0.75

/** A word of at least three operations of one resource, and of few others, names that kind of thing. */
function mostly(uses: Uses): string | undefined {
  const total = [...uses.values()].reduce((sum, operations) => sum + operations.size, 0)
  for (const [resource, operations] of uses) {
    if (operations.size >= fewestOperations && operations.size / total >= share) return resource
  }
  return undefined
}
