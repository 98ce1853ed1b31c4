import type { CallRecord } from '#core'

/** A sentence with {field} where its arguments stood, and what stood there. */
export interface LearnedPhrase {
  readonly text: string
  readonly arguments: Readonly<Record<string, string>>
}

/** Characters of a sentence from which something is learned; longer ones say more than one thing. */
const longest = 300

/**
 * What a sentence teaches about the operation that answered it: names, dates and amounts are of that day, the words
 * around them are not. Nothing where too few words of one's own are left.
 */
export function phraseFrom(
  said: string,
  call: Pick<CallRecord, 'input' | 'output'> | undefined,
): LearnedPhrase | undefined {
  const sentence = said.trim().replace(/\s+/g, ' ')
  if (sentence.length > longest || /[{}]/.test(sentence)) return undefined
  const found: Record<string, string> = {}
  let text = sentence
  for (const [field, value] of longestFirst(argumentsOf(call))) {
    const at = placeOf(value, text)
    if (at < 0) continue
    found[field] = text.slice(at, at + value.length)
    text = `${text.slice(0, at)}{${field}}${text.slice(at + value.length)}`
  }
  return ownLetters(text) >= 3 ? { text, arguments: found } : undefined
}

/** Where the whole words stand, whatever their capitals; not inside another word, nor inside a slot. */
function placeOf(value: string, text: string): number {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.search(new RegExp(`(?<![\\p{L}\\p{N}{])${escaped}(?![\\p{L}\\p{N}}])`, 'iu'))
}

const ownLetters = (text: string): number => text.replace(/\{\w+\}/g, '').replace(/[^\p{L}]/gu, '').length

const longestFirst = (pairs: [string, string][]): [string, string][] =>
  pairs.toSorted(([, one], [, other]) => other.length - one.length)

/** The texts of the input, with names in the place of ids: what a person would have written. */
function argumentsOf(call: Pick<CallRecord, 'input' | 'output'> | undefined): [string, string][] {
  const output = asRecord(call?.output)
  return Object.entries(asRecord(call?.input)).flatMap(([field, value]) => {
    const text = typeof value === 'string' && isId(value) ? nameOf(field, output) : value
    return typeof text === 'string' && text.length > 1 ? [[field, text]] : []
  })
}

const isId = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text)

/** `companyId` is called by `companyName`; the thing itself by its name, title or subject. */
const nameOf = (field: string, output: Readonly<Record<string, unknown>>): unknown =>
  field === 'id'
    ? (output['name'] ?? output['title'] ?? output['subject'])
    : output[field.replace(/Id$/, 'Name')]

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
