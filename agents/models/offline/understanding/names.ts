import { fold } from '../language/fold.ts'
import { stem } from '../language/stem.ts'
import { isArticle, isNameParticle } from '../language/words.ts'
import type { Field } from './fields.ts'
import type { Nouns } from './nouns.ts'
import { isPersonPronoun, isSelf, isThingPronoun } from './pronouns.ts'
import type { Reference } from './command.ts'
import { ordinalIn } from './ordinals.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What a text points to: an id, oneself, the thing spoken of, or a name to look up. */
export function readReference(text: string, field: Field, nouns: Nouns): Reference {
  const bare = unquoted(text)
  const words = fold(bare)
  if (uuid.test(bare)) return { kind: 'id', id: bare.toLowerCase() }
  if (isSelf(words)) return { kind: 'self' }
  if (isPersonPronoun(words) || isThingPronoun(words)) return { kind: 'focus' }
  const place = ordinalIn(words)
  if (place !== undefined) return { kind: 'ordinal', place }
  const name = withoutNoun(bare, field.refers ?? '', nouns)
  if (name === '') return { kind: 'focus' }
  return field.spoken ? { kind: 'id', id: name.toLowerCase() } : { kind: 'named', text: name }
}

/** "Havneby-aftalen" → "Havneby"; "the deal with Havneby" → "Havneby"; "aftalen" → "". */
function withoutNoun(text: string, resource: string, nouns: Nouns): string {
  let words = text.split(/(?<=\s)|(?<=-)(?=\p{Ll}+$)/u)
  const isNoun = (word: string | undefined): boolean =>
    word !== undefined && nouns.names(stem(fold(word.trim())), resource) && !/^\p{Lu}{2}/u.test(word)
  const isLead = (word: string | undefined): boolean => word !== undefined && isArticle(fold(word.trim()))
  while (isLead(words[0])) words = words.slice(1)
  if (isNoun(words[0]) && (words.length === 1 || !/^\p{Lu}/u.test(words[0] as string))) words = words.slice(1)
  while (
    words.length > 1 &&
    /^(?:med|hos|fra|for|til|with|at|from|of|på|om)$/i.test((words[0] as string).trim())
  )
    words = words.slice(1)
  while (words.length > 0 && isNoun(words.at(-1)) && !/^\p{Lu}/u.test(words.at(-1) as string))
    words = words.slice(0, -1)
  return splitCompound(words.join('').trim(), resource, nouns)
    .replace(/[-\s]+$/, '')
    .replace(/^[\s-]+/, '')
}

/** "Havnebyaftalen", grown together. */
function splitCompound(text: string, resource: string, nouns: Nouns): string {
  if (!/^\p{Lu}\p{Ll}{7,}$/u.test(text)) return text
  for (let at = 4; at <= text.length - 4; at++) {
    if (nouns.names(stem(fold(text.slice(at))), resource)) return text.slice(0, at)
  }
  return text
}

/** What to search for, in turn: as written, without a genitive s, and by the words with capitals alone. */
export function searchTexts(name: string): string[] {
  const capitals = capitalRun(name)
  return [
    ...new Set([...withoutGenitive(name), ...(capitals === undefined ? [] : withoutGenitive(capitals))]),
  ]
}

/** "Bach Arkitekter lukker nok" → "Bach Arkitekter": small words around a name may not be of it. */
function capitalRun(name: string): string | undefined {
  const run = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}'’./-]*(?: (?:& )?\p{Lu}[\p{L}\p{N}'’./-]*)*/u.exec(
    name,
  )?.[0]
  return run === undefined || run === name ? undefined : run
}

function withoutGenitive(name: string): string[] {
  const genitive = name.replace(/(?:'s|’s|'|’)$/u, '')
  const bare = genitive === name && /[\p{L}]s$/u.test(name) ? name.slice(0, -1) : genitive
  return [...new Set([genitive === name ? name : genitive, bare])]
}

export const unquoted = (text: string): string =>
  text
    .trim()
    .replace(/^["“”«»„']+|["“”«»„']+$/gu, '')
    .trim()

/** "bente skov" → "Bente Skov"; what has a capital already is left as written. */
export function asName(text: string): string {
  const bare = unquoted(text)
  if (bare !== bare.toLowerCase()) return bare
  return bare
    .split(' ')
    .map((word) => (isNameParticle(word) ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(' ')
    .replace(/-(\p{Ll})/gu, (_, letter: string) => `-${letter.toUpperCase()}`)
}
