import { locales, oncePer, type AnyOperation, type Registry } from '#core'
import { likelyFor, meaningsIn, stemsIn, wordsIn, type OfflineBrain } from '../models/offline/index.ts'
import { rankByTerms, type Described } from './bm25.ts'
import { byName, listersFor } from './listers.ts'

/** What is looked for, and what was spoken of before. */
export interface Sought {
  readonly text: string
  /** The message before this one, for follow-ups that say little by themselves. */
  readonly before?: string
  /** Operations that were called in the conversation, the latest first. */
  readonly used?: readonly string[]
}

export interface ToolSearch {
  /**
   * The operations among those given that a message most likely needs, at most `most`, with the lists in which the
   * things that they point to are found. Whoever gives the operations has left out what the person may not do.
   */
  find(sought: Sought, among: readonly AnyOperation[], most: number): AnyOperation[]
}

/** How much each way of looking counts, and how fast a lower place counts less (reciprocal rank fusion, Cormack 2009). */
const weights = { phrases: 1, terms: 0.8, brought: 0.8, before: 0.3, kind: 0.2 }
const slowness = 5

/** Operations that only one company has: others wrote their words, so they crowd out no more than this many. */
const mostBrought = 4

/**
 * A search in Danish and English that needs no network and no weights: the phrases that share most with the message, as the
 * offline model weighs its words, and the words of names, summaries, titles and phrases, joined by their ranks.
 */
export function createToolSearch(registry: Registry, brain: OfflineBrain): ToolSearch {
  const byTerms = rankByTerms(registry.operations.map((operation) => describe(operation, registry)))
  return {
    find: ({ text, before, used = [] }, among, most) => {
      const named = byName(among)
      const offered = (name: string): boolean => named.has(name)
      const words = wordsIn(brain, text)
      const meanings = meaningsIn(words)
      const ranked = fuse(
        [
          [weights.phrases, likelyFor(brain, words, offered)],
          [weights.terms, byTerms(meanings).filter(offered)],
          [weights.brought, rankBrought(among, registry, meanings).slice(0, mostBrought)],
          [weights.before, before === undefined ? [] : likelyFor(brain, wordsIn(brain, before), offered)],
          [weights.kind, ofSameKind(used[0], among)],
        ],
        among,
      )
      const enough = ranked.length < most ? [...ranked, ...others(ranked, among)] : ranked
      return withListers(enough, among, most)
    },
  }
}

const described = new WeakMap<AnyOperation, Described>()

const broughtAmong = oncePer((among: readonly AnyOperation[]) =>
  among.filter((operation) => operation.brought !== undefined),
)

/** They were not there when the index was made, and are few. */
function rankBrought(
  among: readonly AnyOperation[],
  registry: Registry,
  terms: ReturnType<typeof meaningsIn>,
): string[] {
  const brought = broughtAmong(among)
  if (brought.length === 0) return []
  const known = brought.map((operation) => {
    const kept = described.get(operation) ?? describe(operation, registry)
    described.set(operation, kept)
    return kept
  })
  return rankByTerms(known)(terms)
}

function describe(operation: AnyOperation, registry: Registry): Described {
  const words = locales.flatMap((locale) => {
    const { title, phrases, values = {} } = registry.words(operation, locale)
    return [title, title, ...phrases, ...Object.values(values).flatMap((each) => Object.values(each).flat())]
  })
  const name = operation.name.replace(/([A-Z])/g, ' $1').replaceAll('.', ' ')
  return { name: operation.name, terms: stemsIn([name, operation.summary, ...words].join(' ')) }
}

function fuse(
  lists: readonly (readonly [weight: number, names: readonly string[]])[],
  among: readonly AnyOperation[],
): AnyOperation[] {
  const scores = new Map<string, number>()
  for (const [weight, names] of lists)
    names.forEach((name, place) => scores.set(name, (scores.get(name) ?? 0) + weight / (slowness + place)))
  return among
    .filter(({ name }) => scores.has(name))
    .sort((left, right) => (scores.get(right.name) as number) - (scores.get(left.name) as number))
}

/** Where little was found, lists fill the rest, the company's own things first, so that a model can always look around. */
const others = (ranked: readonly AnyOperation[], among: readonly AnyOperation[]): AnyOperation[] =>
  among
    .filter((operation) => operation.verb === 'list' && !ranked.includes(operation))
    .sort((left, right) => Number(isOurs(left)) - Number(isOurs(right)))

/** What the platform and its agents keep about themselves. */
const isOurs = ({ domain }: AnyOperation): boolean => domain === 'platform' || domain === 'agents'

function ofSameKind(used: string | undefined, among: readonly AnyOperation[]): string[] {
  if (used === undefined) return []
  const kind = used.split('.').slice(0, 2).join('.')
  return among.filter(({ name }) => name.startsWith(`${kind}.`)).map(({ name }) => name)
}

/** An id must be looked up before it can be given, so each operation brings the lists that its ids are found in. */
function withListers(ranked: readonly AnyOperation[], among: readonly AnyOperation[], most: number) {
  const chosen = new Set<AnyOperation>()
  for (const operation of ranked) {
    if (chosen.size === most) break
    const brought = [operation, ...listersFor(operation, among)].filter((each) => !chosen.has(each))
    const fits = chosen.size + brought.length <= most
    for (const each of fits ? brought : [operation]) chosen.add(each)
  }
  return [...chosen]
}
