import type { Token } from '../language/tokens.ts'
import {
  isArticle,
  isFunctionWord,
  isLinkingWord,
  isNameParticle,
  isQuestionWord,
} from '../language/words.ts'
import { isTitled, people, pointsBack, type Scene } from './calling.ts'
import type { Field } from './fields.ts'
import type { SlotPart } from './patterns.ts'
import { isSelf } from './pronouns.ts'
import { isIndefinite, isName } from './standing.ts'

/** What is called by the word for another kind of thing is rarely what is meant. */
const foreignNoun = 0.3

/** How well words read as what such a field holds: by their capitals, and by how well the language knows them. */
export function wordsQuality(scene: Scene, span: readonly Token[], field: Field): number {
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

/** How well words read as what a thing of the company is called, or as pointing at one. */
export function referenceQuality(
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
