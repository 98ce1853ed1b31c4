import { fold } from './fold.ts'
import { stem } from './stem.ts'

/** One word, number or mark of a sentence, with its place in the text. */
export interface Token {
  readonly text: string
  readonly word: string
  readonly stem: string
  readonly start: number
  readonly end: number
  readonly capital: boolean
  readonly mark: boolean
  /** It is the later part of a compound: "aftalen" of "Havneby-aftalen". */
  readonly joined: boolean
}

/** Emails and web addresses stay whole, so do "A/S", "Anne-Marie" and "12.500,50". */
const piece =
  /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+|[AIKPaikp]\/[Ss](?![\p{L}])|\d+(?:[.,:/-]\d+)*|[\p{L}](?:[\p{L}\p{N}]|['’&.](?=[\p{L}\p{N}]))*(?:-[\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu

/** `isNoun` says whether a stem is a kind of thing one can name: "Havneby-aftalen" is then two words. */
export function tokenize(text: string, isNoun: (stemmed: string) => boolean = () => false): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(piece)) {
    for (const [part, offset] of divide(match[0], isNoun))
      tokens.push(token(part, match.index + offset, offset > 0))
  }
  return tokens
}

function token(text: string, start: number, joined: boolean): Token {
  const word = fold(text).replace(/^e-mail/, 'email')
  const first = text.charAt(0)
  const capital = first !== first.toLowerCase()
  return {
    text,
    word,
    stem: stem(word),
    start,
    end: start + text.length,
    capital,
    mark: !/[\p{L}\p{N}]/u.test(first),
    joined,
  }
}

/** A compound whose last part is a kind of thing, hyphened or grown together, as its two parts. */
function divide(text: string, isNoun: (stemmed: string) => boolean): [string, number][] {
  const hyphen = text.lastIndexOf('-')
  if (hyphen > 0 && !text.includes('@') && isNoun(stem(fold(text.slice(hyphen + 1))))) {
    return [
      [text.slice(0, hyphen), 0],
      [text.slice(hyphen + 1), hyphen + 1],
    ]
  }
  if (/^\p{Ll}{2,}-\p{Ll}/u.test(text)) return byHyphens(text)
  return grownTogether(text, isNoun) ?? [[text, 0]]
}

/** "cvr-nummeret" is two words; "Anne-Marie" and "e-mail" are one. */
function byHyphens(text: string): [string, number][] {
  return [...text.matchAll(/[^-]+/g)].map((part) => [part[0], part.index])
}

const shortestName = 4
const shortestNoun = 4
/** "Havnebyaftalen" speaks of a deal; "Stamkunde", which is not definite, is what something is called. */
const grown = /^\p{Lu}\p{Ll}{7,}(?:en|et|erne)$/u

function grownTogether(text: string, isNoun: (stemmed: string) => boolean): [string, number][] | undefined {
  if (!grown.test(text)) return undefined
  for (let at = shortestName; at <= text.length - shortestNoun; at++) {
    if (isNoun(stem(fold(text.slice(at))))) {
      return [
        [text.slice(0, at), 0],
        [text.slice(at), at],
      ]
    }
  }
  return undefined
}
