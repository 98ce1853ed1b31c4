import { locales, type Locale } from '#core'
import { resourceOf, toolOf, verbOf, type OperationCard } from './card.ts'
import { fieldsOf, type Field } from './understanding/fields.ts'
import { learnIntents, type Intents } from './understanding/intents.ts'
import { learnNouns, type Nouns } from './understanding/nouns.ts'
import { compilePattern, withGenitive, withNounInside, type Pattern } from './understanding/patterns.ts'
import { everydayRequests } from './outside/index.ts'
import { readSentence, type Sentence } from './understanding/sentence.ts'
import type { LookOfThings } from './understanding/symbols.ts'
import { buildVocabulary, type Vocabulary } from './understanding/vocabulary.ts'

/** One operation as the model knows it. */
export interface Skill {
  readonly card: OperationCard
  readonly tool: string
  readonly resource: string
  readonly verb: string
  readonly fields: readonly Field[]
}

/** What training leaves behind: read-only, shared by every conversation. */
export interface OfflineBrain {
  readonly skills: ReadonlyMap<string, Skill>
  readonly byTool: ReadonlyMap<string, Skill>
  readonly patterns: readonly Pattern[]
  readonly vocabulary: Vocabulary
  readonly intents: Intents
  /** Whom the names of a resource's things look like. */
  readonly looks: LookOfThings
  readonly nouns: Nouns
  /** What the arguments and properties that hold an id point to, by their names: `companyId` → `crm.companies`. */
  readonly pointers: ReadonlyMap<string, string>
}

/** Learns the operations' phrases. Runs at boot; hundreds of operations take a fraction of a second. */
export function trainOffline(cards: readonly OperationCard[], outside = everydayRequests): OfflineBrain {
  const skills = new Map(cards.map((card) => [card.name, skillOf(card)]))
  const patterns = [...skills.values()].flatMap((skill) =>
    locales.flatMap((locale) => patternsOf(skill, locale)),
  )
  const nouns = learnNouns(patterns, (resource) => choicesOf(skills, resource))
  const all = [
    ...patterns,
    ...patterns.flatMap((pattern) => [...withNounInside(pattern, nouns), ...withGenitive(pattern)]),
  ]
  const byTool = new Map([...skills.values()].map((skill) => [skill.tool, skill]))
  const vocabulary = buildVocabulary(all)
  const looks = lookOfThings(skills)
  return {
    skills,
    byTool,
    patterns: all,
    vocabulary,
    intents: learnIntents(all, sentencesOutside(outside, vocabulary, nouns), looks),
    looks,
    nouns,
    pointers: pointersOf(skills),
  }
}

/** People are called by given names, firms by what they do; which resources hold which shows by what makes them. */
function lookOfThings(skills: ReadonlyMap<string, Skill>): LookOfThings {
  const looks = new Map<string, 'person' | 'firm'>([
    ['personName', 'person'],
    ['companyName', 'firm'],
    ['platform.people', 'person'],
  ])
  for (const { verb, resource, fields } of skills.values()) {
    if (verb !== 'create') continue
    if (fields.some(({ type }) => type === 'personName')) looks.set(resource, 'person')
    else if (fields.some(({ type }) => type === 'companyName')) looks.set(resource, 'firm')
  }
  return (kind) => looks.get(kind)
}

const anyDay = { now: new Date(0), timeZone: 'UTC' }

/** Requests that no operation answers; not those that speak of a kind of thing that one of these operations is about. */
const sentencesOutside = (outside: readonly string[], vocabulary: Vocabulary, nouns: Nouns): Sentence[] =>
  outside
    .map((text) => readSentence(text, vocabulary, nouns.has, anyDay, 'da'))
    .filter(({ tokens }) => !tokens.some(({ stem }) => nouns.has(stem)))

const pointersOf = (skills: ReadonlyMap<string, Skill>): ReadonlyMap<string, string> =>
  new Map(
    [...skills.values()]
      .flatMap(({ fields }) => fields)
      .flatMap(({ name, refers }) => (refers && name !== 'id' ? [[name, refers] as const] : [])),
  )

/** The words by which the operations of a resource tell its things apart. */
const choicesOf = (skills: ReadonlyMap<string, Skill>, resource: string): ReadonlySet<string> =>
  new Set(
    [...skills.values()]
      .filter((skill) => skill.resource === resource)
      .flatMap(({ fields }) => fields.flatMap(({ choices }) => choices.flatMap(({ stems }) => stems))),
  )

const skillOf = (card: OperationCard): Skill => ({
  card,
  tool: toolOf(card.name),
  resource: resourceOf(card.name),
  verb: verbOf(card.name),
  fields: fieldsOf(card),
})

function patternsOf({ card, fields }: Skill, locale: Locale): Pattern[] {
  const { title, phrases } = card.words[locale]
  return [title, ...phrases].map((phrase) => compilePattern(phrase, card.name, locale, fields))
}

/** The operation that lists things of a resource, through which their names are looked up. */
export const listerOf = (brain: OfflineBrain, resource: string): Skill | undefined => {
  const lister = brain.skills.get(`${resource}.list`)
  return lister && (isSearchable(lister) || hasField(lister, 'limit')) ? lister : undefined
}

const hasField = ({ fields }: Skill, name: string): boolean => fields.some((field) => field.name === name)
export const isSearchable = (lister: Skill): boolean => hasField(lister, 'q')
