import type { Locale } from '#core'
import type { OfflineBrain, Skill } from '../brain.ts'
import type { Surroundings } from '../entities/recognize.ts'
import { isFunctionWord, isQuestionWord } from '../language/words.ts'
import { align, type Alignment } from './align.ts'
import { asksToShow, leftOverCosts } from './leftOver.ts'
import type { Likelihoods } from './intents.ts'
import { isLiteral, type Pattern } from './patterns.ts'
import { retrieve } from './retrieve.ts'
import { asSynonym } from './vocabulary.ts'
import { readSentence, type Sentence } from './sentence.ts'
import { spanQualities } from './spans.ts'

/** One way to understand a sentence: this operation, with these words in these places. */
export interface Reading {
  readonly skill: Skill
  readonly sentence: Sentence
  readonly alignment: Alignment
  /** About 0 to 1, more where everything speaks for it. */
  readonly score: number
}

/** How many patterns are laid along the sentence with care. */
const candidates = 32

interface Understanding {
  readonly sentence: Sentence
  /** Best first, one per operation. */
  readonly readings: readonly Reading[]
}

/** The operations that a sentence may ask for, among those offered. */
export function interpret(
  brain: OfflineBrain,
  text: string,
  offered: (operation: string) => boolean,
  surroundings: Surroundings,
  otherwise: Locale,
): Understanding {
  const sentence = readSentence(text, brain.vocabulary, brain.nouns.has, surroundings, otherwise)
  return { sentence, readings: readingsOf(brain, sentence, offered) }
}

function readingsOf(
  brain: OfflineBrain,
  sentence: Sentence,
  offered: (operation: string) => boolean,
): Reading[] {
  const likelihoods = brain.intents.likelihoods(sentence)
  const read = readerOf(brain, sentence, likelihoods)
  const best = new Map<string, Reading>()
  for (const pattern of promising(brain, sentence, likelihoods, offered)) {
    const reading = read(pattern)
    if (reading.score > (best.get(pattern.operation)?.score ?? 0)) best.set(pattern.operation, reading)
  }
  return [...best.values()].sort((left, right) => right.score - left.score)
}

/** How many of the operations that the words speak for are laid along with care, and how many of their patterns. */
const likeliest = { operations: 5, patterns: 12 }

/** The patterns that share most words with the sentence, and those of the operations that its words speak for. */
function promising(
  { patterns, vocabulary }: OfflineBrain,
  sentence: Sentence,
  likelihoods: Likelihoods,
  offered: (operation: string) => boolean,
): ReadonlySet<Pattern> {
  const likely = new Set(
    [...likelihoods]
      .filter(([operation]) => offered(operation))
      .sort(([, left], [, right]) => right - left)
      .slice(0, likeliest.operations)
      .map(([operation]) => operation),
  )
  return retrieve(sentence, patterns, vocabulary, [
    { of: offered, most: candidates },
    { of: (operation) => likely.has(operation), most: likeliest.patterns },
  ])
}

/** What lays one pattern after another along the sentence. */
function readerOf(
  brain: OfflineBrain,
  sentence: Sentence,
  likelihoods: Likelihoods,
): (pattern: Pattern) => Reading {
  const { weight } = brain.vocabulary
  const quality = spanQualities(brain, sentence)
  const leftOver = new Map<string, Float64Array>()
  const isAboutUnknown = hasUnknownObject(brain, sentence)
  return (pattern) => {
    const skill = brain.skills.get(pattern.operation) as Skill
    let costs = leftOver.get(pattern.operation)
    if (!costs) leftOver.set(pattern.operation, (costs = leftOverCosts(brain, skill, sentence)))
    // What cannot be undone is never guessed from a misspelt word.
    const leastLikeness = skill.card.effect === 'destroy' ? asSynonym : 0
    const alignment = align(pattern, sentence, { weight, quality, leastLikeness, leftOver: costs })
    const fit =
      rate(alignment, sentence, skill, isAboutUnknown) * headShare(brain, sentence, skill, alignment)
    return { skill, sentence, alignment, score: scoreOf(fit, likelihoods.get(pattern.operation) ?? 0) }
  }
}

/** How much the fit of a pattern and the words' likelihood say of the whole; set by leaving phrases out of training. */
const shares = { base: 0.3, fit: 0.5, likelihood: 0.15 }
const scoreOf = (fit: number, likelihood: number): number =>
  shares.base + shares.fit * fit + shares.likelihood * likelihood

const otherLanguage = 0.93
const perMissing = 0.04
/** "Write a poem", "lav en vagtplan": what is asked for is nothing that anything here is about. */
const unknownObject = 0.55
/** Who asks a question wants to be told something, not to have something changed. */
const changeByQuestion = 0.6

/** Explained share, a little more where more was explained, a little less where something required is still missing. */
function rate(
  { score, matched, slots, pattern }: Alignment,
  sentence: Sentence,
  { fields, card }: Skill,
  isAboutUnknown: boolean,
): number {
  const missing = fields.filter(
    (field) => field.required && !slots.some((slot) => slot.field === field),
  ).length
  const language = pattern.locale === sentence.locale ? 1 : otherLanguage
  const mood = asksToBeTold(sentence) && card.effect !== 'read' ? changeByQuestion : 1
  const object = isAboutUnknown ? unknownObject : takesObjectAsText(sentence, slots) ? objectAsText : 1
  return Math.min(
    1,
    score * language * mood * object * Math.min(1, 0.9 + matched * 0.05) - perMissing * missing,
  )
}

/** "Print kontrakten", "turn up the heating": what is to be done with it is nothing that the operation's phrases say. */
const unknownHead = 0.85
/** Where in a pattern its verb is looked for. */
const opening = 4

function headShare(
  { nouns }: OfflineBrain,
  { tokens, fillers, meanings }: Sentence,
  { card, resource, fields }: Skill,
  { slots, pattern }: Alignment,
): number {
  const at = tokens.findIndex(({ word, mark }, index) => !mark && !fillers[index] && !isFunctionWord(word))
  const head = tokens[at]
  if (!head || (head.capital && at > 0) || slots.some(({ first, last }) => first <= at && at < last)) return 1
  if (pattern.parts.slice(0, opening).some((part) => isLiteral(part) && meanings[at]?.has(part.stem)))
    return 1
  const isOwn =
    nouns.names(head.stem, resource) ||
    fields.some(({ choices }) => choices.some(({ stems }) => stems.includes(head.stem)))
  return isOwn || (card.effect === 'read' && asksToShow(head)) ? 1 : unknownHead
}

const asksToBeTold = ({ tokens }: Sentence): boolean =>
  isQuestionWord(tokens[0]?.word ?? '') || /^(?:vis|show|list|find)$/.test(tokens[0]?.word ?? '')

/** "Tell me a", "lav en": a request names its thing at once. */
const mostBefore = 2
const articles = new Set('en et a an'.split(' '))
const definite = new Set('den det de the'.split(' '))
const superlative = /(?:^.{3,}este|^.{3,}est|^bedste|^best)$/
const qualities = new Set(
  'ny nyt nye new lille stor big small billig cheap god good ekstra another extra gemt saved kort short'.split(
    ' ',
  ),
)

/** Whether the first thing with an indefinite article, right after the request begins, is of a kind that no phrase knows. */
function hasUnknownObject(
  { nouns, vocabulary }: OfflineBrain,
  { tokens, meanings, fillers }: Sentence,
): boolean {
  const at = tokens.findIndex(
    ({ word }, index) =>
      index > 0 &&
      tokens.slice(0, index).filter((_, before) => !fillers[before]).length <= mostBefore &&
      (articles.has(word) || (definite.has(word) && superlative.test(tokens[index + 1]?.word ?? ''))),
  )
  if (at < 0 || tokens.slice(0, at).some(({ word, mark }) => mark || startsText.has(word))) return false
  const thing = tokens.slice(at + 1).find(({ word }) => !qualities.has(word) && !superlative.test(word))
  if (!thing || !/^\p{Ll}/u.test(thing.text) || isFunctionWord(thing.word)) return false
  const means = meanings[tokens.indexOf(thing)]
  return !nouns.has(thing.stem) && vocabulary.languages(thing.stem) === undefined && (means?.size ?? 0) === 0
}

/** "Write a contract": what is to be made is no note's text, unless a word such as "that" leads it in. */
const objectAsText = 0.8
const takesObjectAsText = ({ tokens }: Sentence, slots: Alignment['slots']): boolean =>
  slots.some(
    ({ field, first }) =>
      field.type === 'free' &&
      first > 0 &&
      first <= mostBefore &&
      articles.has(tokens[first]?.word ?? '') &&
      !tokens[first - 1]?.mark &&
      !startsText.has(tokens[first - 1]?.word ?? ''),
  )

/** After these any text may follow: "mind mig om at købe en kost". */
const startsText = new Set('at om to that about'.split(' '))
