import type { Locale } from '#core'
import { resourceOf } from '../card.ts'
import { tokenize } from '../language/tokens.ts'
import { isArticle, isFunctionWord } from '../language/words.ts'
import { isNamed, type Field } from './fields.ts'
import type { Nouns } from './nouns.ts'

/** A phrase with slots, ready to be laid along a sentence. */
export interface Pattern {
  readonly operation: string
  readonly locale: Locale
  readonly parts: readonly Part[]
}

export type Part = Literal | SlotPart

export interface Literal {
  readonly stem: string
  readonly word: string
  /** It stands between two slots, or beside one, and so tells where a slot ends. */
  readonly border?: 'between' | 'beside'
}

export interface SlotPart {
  readonly field: Field
  /**
   * The words in it must name the kind of thing ("Havneby-aftalen" for "aftalen {id}") or be a genitive
   * ("Bentes"), or be without capitals, where a name follows with nothing between ("direktør Bente Skov").
   */
  readonly demands?: 'noun' | 'genitive' | 'small'
  /** Slots of one kind read the same words the same way. */
  readonly kind: string
}

const slotOf = (field: Field, demands?: SlotPart['demands']): SlotPart => {
  const own = field.type === 'choice' ? field.name : (field.refers ?? '')
  return { field, ...(demands && { demands }), kind: `${field.type} ${own} ${demands ?? ''}` }
}

export const isLiteral = (part: Part): part is Literal => 'stem' in part
export const isMark = (part: Literal): boolean => part.word === ',' || part.word === ':'

/** 'flyt {id} til {stage}' → flyt · id · til · stage. A slot of a field that the operation does not have is left out. */
export function compilePattern(
  phrase: string,
  operation: string,
  locale: Locale,
  fields: readonly Field[],
): Pattern {
  const parts = phrase.split(/(\{\w+\})/).flatMap((piece): Part[] => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1]
    if (name === undefined) return literals(piece)
    const field = fields.find((each) => each.name === name)
    return field ? [slotOf(field)] : []
  })
  return {
    operation,
    locale,
    parts: parts.map((part, at) =>
      isLiteral(part) ? withBorder(part, parts, at) : apart(part, parts[at + 1]),
    ),
  }
}

/** Words right before a name must be told from it by their letters. */
const apart = (slot: SlotPart, next: Part | undefined): SlotPart =>
  next && !isLiteral(next) && slot.field.type === 'text' && isNamed(next.field.type)
    ? slotOf(slot.field, 'small')
    : slot

function withBorder(part: Literal, parts: readonly Part[], at: number): Literal {
  const slots = [parts[at - 1], parts[at + 1]].filter(
    (beside) => beside !== undefined && !isLiteral(beside),
  ).length
  return slots === 0 ? part : { ...part, border: slots === 2 ? 'between' : 'beside' }
}

/** Between two slots a comma or colon tells where one ends; elsewhere marks mean nothing. */
function literals(text: string): Literal[] {
  if (/^\s*[,:]\s*$/.test(text)) return [{ stem: text.trim(), word: text.trim() }]
  return tokenize(text)
    .filter((token) => !token.mark)
    .map(({ stem, word }) => ({ stem, word }))
}

/** 'afslut opgaven {id}' also reads "afslut Faktura-opgaven", where the noun comes inside the slot. */
export function withNounInside(pattern: Pattern, nouns: Nouns): Pattern[] {
  const { parts, operation } = pattern
  const at = parts.findIndex((part, index) => {
    const before = parts[index - 1]
    return (
      !isLiteral(part) &&
      part.field.refers === resourceOf(operation) &&
      before !== undefined &&
      isLiteral(before) &&
      nouns.names(before.stem, part.field.refers)
    )
  })
  if (at < 1) return []
  const slot = parts[at] as SlotPart
  const article = parts[at - 2]
  const from = article && isLiteral(article) && isArticle(article.word) ? at - 2 : at - 1
  return [
    { ...pattern, parts: [...parts.slice(0, from), slotOf(slot.field, 'noun'), ...parts.slice(at + 1)] },
  ]
}

const linksOwner = /^(?:paa|til|for|af|hos|of)$/

/** 'hvad er telefonnummeret på {id}' also reads "hvad er Bentes telefonnummer". */
export function withGenitive(pattern: Pattern): Pattern[] {
  const { parts } = pattern
  const at = parts.findIndex((part, index) => {
    const [link, noun] = [parts[index - 1], parts[index - 2]]
    return (
      !isLiteral(part) &&
      part.field.type === 'reference' &&
      index > 2 &&
      isLink(link) &&
      noun !== undefined &&
      isLiteral(noun) &&
      !isFunctionWord(noun.word)
    )
  })
  if (at < 0) return []
  const start = nounStart(parts, at - 2)
  if (start === 0) return []
  const article = parts[start - 1]
  const from = article && isLiteral(article) && isArticle(article.word) ? start - 1 : start
  const slot = slotOf((parts[at] as SlotPart).field, 'genitive')
  return [
    {
      ...pattern,
      parts: [...parts.slice(0, from), slot, ...parts.slice(start, at - 1), ...parts.slice(at + 1)],
    },
  ]
}

const isLink = (part: Part | undefined): boolean =>
  part !== undefined && isLiteral(part) && linksOwner.test(part.word)

/** "phone number" is one noun of two words; the verb before it is not part of it. */
function nounStart(parts: readonly Part[], last: number): number {
  const before = parts[last - 1]
  const isSecond = last > 1 && before !== undefined && isLiteral(before) && !isFunctionWord(before.word)
  return isSecond ? last - 1 : last
}
