import type { OfflineBrain } from '../brain.ts'
import type { Token } from '../language/tokens.ts'
import {
  isArticle,
  isFunctionWord,
  isLinkingWord,
  isNameParticle,
  isPreposition,
  isQuestionWord,
} from '../language/words.ts'
import {
  asCalled,
  asLooks,
  cutsName,
  cutsTitle,
  halfName,
  isTitled,
  isWordy,
  people,
  pointsBack,
  type Scene,
} from './calling.ts'
import { entitiesFor, type Field } from './fields.ts'
import type { SlotPart } from './patterns.ts'
import { isSelf } from './pronouns.ts'
import type { Sentence } from './sentence.ts'

/** How well tokens `first` to `last` (exclusive) read as the value of a slot: 0 (not at all) to 1. */
export type SpanQuality = (first: number, last: number) => number

/** The measure for each kind of slot; it remembers, since many patterns ask about the same words. */
export function spanQualities(brain: OfflineBrain, sentence: Sentence): (slot: SlotPart) => SpanQuality {
  const byKind = new Map<string, SpanQuality>()
  return (slot) => {
    let quality = byKind.get(slot.kind)
    if (!quality) byKind.set(slot.kind, (quality = remembered({ brain, sentence }, slot)))
    return quality
  }
}

function remembered(scene: Scene, slot: SlotPart): SpanQuality {
  const width = scene.sentence.tokens.length + 1
  const memory = new Float32Array(width * width).fill(-1)
  return (first, last) => {
    const at = first * width + last
    const known = memory[at] as number
    return known >= 0 ? known : (memory[at] = measure(scene, slot, first, last))
  }
}

const freeText = 0.7

function measure(scene: Scene, { field, demands }: SlotPart, first: number, last: number): number {
  const { sentence } = scene
  if (sentence.tokens[first]?.joined) return 0
  if (field.type === 'free')
    return sentence.tokens[first]?.mark ? 0 : beginsWithWhom(sentence, first) ? 0.2 : freeText
  if (field.type === 'choice') return choiceQuality(sentence, field, first, last)
  if (entitiesFor(field.type).length > 0) return entityQuality(sentence, field, first, last)
  if (field.type === 'opaque') return 0
  const quoted = quotedQuality(sentence, first, last)
  if (quoted !== undefined) return demands ? 0 : quoted
  const span = sentence.tokens.slice(first, last)
  if (demands === 'small' && span.some((token) => token.capital)) return 0
  if (beginsOrEndsIdly(sentence, first, last)) return 0
  if (span.length > longest[isWordy(field) ? 'text' : 'name'] || !standsAlone(span, field, scene)) return 0
  if (field.spoken && !(span.length === 1 && isDomain(scene.brain, span[0]?.word))) return 0
  if (field.type === 'reference' && isEmail(sentence, first, last)) return demands ? 0 : namedByEmail
  if (holdsTyped(sentence, first, last)) return field.type === 'text' ? 0.3 : 0
  const quality =
    field.type === 'reference'
      ? referenceQuality(scene, span, field, demands) * asCalled(scene, first, last, field)
      : wordsQuality(scene, span, field) * (field.type === 'search' ? asCalled(scene, first, last, field) : 1)
  const named = quality * asLooks(scene, span, field)
  return cutsName(scene, first, last) || cutsTitle(scene, field, first, last) ? named * halfName : named
}

const leadsOn = /^(?:that|to|at|om)$/
/** "For Mikkel: check the alarm" is for somebody, and not all of it what is to be done. */
function beginsWithWhom({ tokens }: Sentence, first: number): boolean {
  const [head, next, after] = tokens.slice(first, first + 3)
  if (!head || !next) return false
  if (isSelf(head.word) || isPreposition(head.word)) return true
  return head.capital && (leadsOn.test(next.word) || [next, after].some((token) => token?.text === ':'))
}

/** A part of the product is called by the word that its operations' names begin with. */
const isDomain = ({ skills }: OfflineBrain, word: string | undefined): boolean =>
  word !== undefined && skills.keys().some((name) => name.startsWith(`${word}.`))

/** A filler at an end is no part of a value, unless it is written as a name is. */
const beginsOrEndsIdly = ({ fillers, tokens }: Sentence, first: number, last: number): boolean =>
  [first, last - 1].some((at) => fillers[at] && !tokens[at]?.capital)

const longest = { name: 7, text: 14 }

function choiceQuality({ tokens }: Sentence, { choices }: Field, first: number, last: number): number {
  const stems = tokens.slice(first, last).map((token) => token.stem)
  const fits = choices.some(
    (choice) => choice.stems.length === stems.length && choice.stems.every((each, at) => each === stems[at]),
  )
  return fits ? 1 : 0
}

function entityQuality({ entities }: Sentence, { type }: Field, first: number, last: number): number {
  const types = entitiesFor(type)
  const found = entities.find(
    (placed) =>
      types.includes(placed.entity.type) &&
      first >= placed.first &&
      first <= placed.coreFirst &&
      last === placed.last,
  )
  if (!found) return 0
  return found.entity.type === types[0] || type === 'date' || type === 'dateTime' ? 1 : 0.85
}

/** What stands in quotes is taken whole or not at all. */
function quotedQuality({ entities }: Sentence, first: number, last: number): number | undefined {
  const quoted = entities.find(
    ({ entity, ...placed }) => entity.type === 'quoted' && placed.first < last && placed.last > first,
  )
  if (!quoted) return undefined
  return quoted.first === first && quoted.last === last ? 1 : 0
}

const typed = new Set(['email', 'phone', 'money', 'moment', 'duration', 'cvr', 'url'])

const holdsTyped = ({ entities }: Sentence, first: number, last: number): boolean =>
  entities.some((placed) => typed.has(placed.entity.type) && placed.first < last && placed.last > first)

/** Invitations and colleagues may be called by their email. */
const namedByEmail = 0.8
const isEmail = ({ entities }: Sentence, first: number, last: number): boolean =>
  entities.some(
    (placed) => placed.entity.type === 'email' && placed.coreFirst === first && placed.last === last,
  )

/** Whether a run of words can be a value at all: by how it begins, how it ends, and what is inside. */
function standsAlone(span: readonly Token[], field: Field, scene: Scene): boolean {
  const head = span[0]
  const tail = span.at(-1)
  if (!head || !tail || head.mark || !bracketsMatch(span) || (tail.mark && !/[.)]/.test(tail.text)))
    return false
  if (pointsBack(span)) return field.type === 'reference'
  if (isLinkingWord(tail.word) || isArticle(tail.word) || !headFits(head, span, field, scene)) return false
  if (!isWordy(field) && isBareWord(tail)) return false
  if (field.type === 'stage' && span.every((token) => isFunctionWord(token.word))) return false
  return span.every((token) => fits(token, field, scene))
}

function headFits(head: Token, span: readonly Token[], field: Field, scene: Scene): boolean {
  if (isQuestionWord(head.word)) return false
  if (isArticle(head.word) && span.length > 1)
    return isWordy(field) || (field.type === 'reference' && !isIndefinite(head)) || head.capital
  if (!head.capital && span.some((token) => token.capital) && mustBeginLarge(head, field, scene)) return false
  return !isLinkingWord(head.word) && (isWordy(field) || !isBareWord(head))
}

/** A name with a capital anywhere begins with one, unless a word such as "firmaet" leads it in; titles need not. */
function mustBeginLarge(head: Token, field: Field, { brain }: Scene): boolean {
  if (isName(field)) return true
  if (field.type !== 'reference' || isTitled(brain, field.refers)) return false
  return !brain.nouns.names(head.stem, field.refers ?? '')
}

const isName = ({ type }: Field): boolean =>
  type === 'personName' || type === 'companyName' || type === 'placeName'
const isIndefinite = ({ word }: Token): boolean =>
  /^(?:en|et|a|an|alle|all|hver|every|nogle|nogen|some|any|ingen|no|flere|hvilke|which|ny|nyt|nye|new)$/.test(
    word,
  )

/** "hvordan", "jeg", "skal": no name begins or ends so. */
const isBareWord = ({ word, capital }: Token): boolean => !capital && isFunctionWord(word) && !isArticle(word)

const joining = new Set(['&', '-', '/', '.', "'", '’', '+', '"', '(', ')'])

const bracketsMatch = (span: readonly Token[]): boolean =>
  span.filter(({ text }) => text === '(').length === span.filter(({ text }) => text === ')').length

function fits(token: Token, field: Field, scene: Scene): boolean {
  if (token.mark) return joining.has(token.text)
  if (field.type === 'search' && isLinkingWord(token.word)) return token.word === 'og' || token.word === 'and'
  if (isWordy(field) || !isLinkingWord(token.word) || isNameParticle(token.word)) return true
  if (inClauses.has(token.word)) return false
  if (field.type === 'personName' || field.type === 'placeName') return false
  return token.word === 'og' || token.word === 'and' || isTitled(scene.brain, field.refers)
}

function wordsQuality(scene: Scene, span: readonly Token[], field: Field): number {
  if (field.type === 'stage' && !isKnownStage(span, field)) return unknownStage
  if (span.every((token) => isArticle(token.word) || (!token.capital && scene.brain.nouns.has(token.stem))))
    return foreignNoun
  const named = span.some((token) => token.capital)
  if (named && endsSmall(scene, span, field)) return foreignNoun
  const sum = span.reduce((total, token) => total + worth(scene, token, field, named), 0)
  return Math.max(0, sum / span.length)
}

function worth({ brain }: Scene, token: Token, { type, choices }: Field, named: boolean): number {
  if (type === 'stage') return stageWorth(token, choices)
  if (token.capital || token.mark) return 1
  if (isNameParticle(token.word) && named) return 0.8
  const known = brain.vocabulary.languages(token.stem) !== undefined
  if (type === 'search') return isFunctionWord(token.word) || known ? 0.1 : 0.6
  if (type === 'text') return isLinkingWord(token.word) || isQuestionWord(token.word) ? 0.4 : 0.75
  if (isFunctionWord(token.word) || isIndefinite(token)) return 0.1
  return known || named ? 0.25 : 0.55
}

/** A stage may be called anything, but is mostly called what stages are. */
const stageWorth = (token: Token, choices: Field['choices']): number =>
  choices.some(({ stems }) => stems.includes(token.stem)) ? 1 : token.capital || token.mark ? 0.8 : 0.3

/** "Mikkel needs", "I'm finished": a name that has capitals has them to its end. */
const endsSmall = ({ brain }: Scene, span: readonly Token[], field: Field): boolean =>
  (isName(field) || (field.type === 'reference' && !isTitled(brain, field.refers))) &&
  span.some(({ capital, mark, word }, at) => at > 0 && !capital && !mark && !isNameParticle(word) && !joined.has(word)) // prettier-ignore
const joined = new Set(['og', 'and'])

/** "hvad er klokken i New York": no stage, though nobody knows what a company may call its own. */
const unknownStage = 0.1
const isKnownStage = (span: readonly Token[], { choices }: Field): boolean =>
  !span.some(({ word }) => isLinkingWord(word)) ||
  span.some((token) => choices.some(({ stems }) => stems.includes(token.stem)))

/** Words that say something of a thing rather than being part of what it is called. Folded. */
const inClauses = new Set(
  'som as der that at er var har is was has skal vil kan ikke called named hedder kaldet'.split(' '),
)

const foreignNoun = 0.3
function referenceQuality(
  scene: Scene,
  span: readonly Token[],
  field: Field,
  demands: SlotPart['demands'],
): number {
  const { nouns } = scene.brain
  const words = span.map((token) => token.word).join(' ')
  if (demands === 'genitive' && !words.endsWith('s')) return 0
  if (isSelf(words) && field.refers !== people) return 0
  if (pointsBack(span)) return demands === 'noun' ? 0 : 0.85
  if (span.some(isIndefinite)) return 0
  const own = span.filter((token) => nouns.names(token.stem, field.refers ?? ''))
  const rest = span.filter((token) => !own.includes(token) && !isArticle(token.word))
  if (demands === 'noun' && own.length === 0) return 0
  if (rest.length === 0) return own.length > 0 && isDefinite(span) ? 0.8 : 0
  if (own.length === 0 && isArticle(span[0]?.word ?? '') && !span.some((token) => token.capital)) return 0
  const isTitle = span[0]?.capital === true && isTitled(scene.brain, field.refers)
  const foreign = !isTitle && rest.some((token) => !token.capital && nouns.has(token.stem))
  const quality = wordsQuality(scene, rest, field)
  return Math.min(1, quality + (own.length > 0 ? 0.1 : 0)) * (foreign ? foreignNoun : 1)
}

/** "aftalen", "the deal", "den opgave": one that both know of; "aftaler" and "a deal" are not. */
function isDefinite(span: readonly Token[]): boolean {
  if (span.some((token) => /^(?:den|det|denne|dette|the|that|this)$/.test(token.word))) return true
  return span.length === 1 && /(?:[^e]en|et)$/.test(span[0]?.word ?? '')
}
