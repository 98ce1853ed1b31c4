import { z } from 'zod'
import type { Sentence } from '../language.ts'
import { refuse } from './refuse.ts'

/**
 * One line of text: whitespace runs become one space, trimmed, NFC, never empty.
 * `max` counts Unicode characters (code points), as PostgreSQL's `char_length` does.
 */
export function shortText(max = 200) {
  return z
    .string()
    .overwrite((value) => (isFarTooLong(value, max) ? value : oneLine(value)))
    .check((context) => {
      const fault = context.value === '' ? empty : textFault(context.value, max)
      if (fault) refuse(context, fault)
    })
    .meta({ minLength: 1, maxLength: max })
}

/** Text of several lines, possibly empty: line ends become \n, trimmed, NFC. `max` counts code points. */
export function longText(max = 20_000) {
  return z
    .string()
    .overwrite((value) => (isFarTooLong(value, max) ? value : severalLines(value)))
    .check((context) => {
      const fault = textFault(context.value, max)
      if (fault) refuse(context, fault)
    })
    .meta({ maxLength: max })
}

export function oneLine(value: string): string {
  const composed = value.normalize('NFC')
  // Most text is one tidy line already, and an import asks for millions.
  return untidy.test(composed) ? composed.replace(/\s+/g, ' ').trim() : composed
}

const untidy = /\s\s|[^\S ]|^ | $/

export const severalLines = (value: string): string => value.normalize('NFC').replace(/\r\n?/g, '\n').trim()

/** What is wrong with a text that is to be stored, or undefined. */
export function textFault(value: string, max: number): Sentence | undefined {
  if (value.includes('\0')) return holdsNul
  if (!value.isWellFormed()) return holdsHalfCharacter
  if (value.length > max && characters(value, max) > max) return tooLong(max)
  return undefined
}

const characters = (value: string, max: number): number =>
  isFarTooLong(value, max) ? value.length : Array.from(value).length

/** Longer than any text of `max` characters can be, so that a 10 MB string is refused before work is spent on it. */
const isFarTooLong = (value: string, max: number): boolean => value.length > max * 4

const empty: Sentence = { da: 'Feltet må ikke være tomt', en: 'The field must not be empty' }

const holdsNul: Sentence = {
  da: 'Teksten indeholder et NUL-tegn, som ikke kan gemmes. Fjern det',
  en: 'The text holds a NUL character, which cannot be stored. Remove it',
}

const holdsHalfCharacter: Sentence = {
  da: 'Teksten indeholder et halvt Unicode-tegn, som ikke kan gemmes. Skriv tegnet igen',
  en: 'The text holds half a Unicode character, which cannot be stored. Type the character again',
}

const tooLong = (max: number): Sentence => ({
  da: `Teksten er for lang. Skriv højst ${max.toLocaleString('da')} tegn`,
  en: `The text is too long. Write at most ${max.toLocaleString('en')} characters`,
})
