import type { Token } from '../language/tokens.ts'
import {
  isArticle,
  isFunctionWord,
  isLinkingWord,
  isNameParticle,
  isQuestionWord,
} from '../language/words.ts'
import { isTitled, isWordy, pointsBack, type Scene } from './calling.ts'
import type { Field } from './fields.ts'

/** Whether a run of words can be a value at all: by how it begins, how it ends, and what is inside. */
export function standsAlone(span: readonly Token[], field: Field, scene: Scene): boolean {
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

/** What people, companies and places are called: written with capitals. */
export const isName = ({ type }: Field): boolean =>
  type === 'personName' || type === 'companyName' || type === 'placeName'
export const isIndefinite = ({ word }: Token): boolean =>
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

/** Words that say something of a thing rather than being part of what it is called. Folded. */
const inClauses = new Set(
  'som as der that at er var har is was has skal vil kan ikke called named hedder kaldet'.split(' '),
)
