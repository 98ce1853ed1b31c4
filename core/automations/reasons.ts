import { raw, type Raw } from '../database/sql.ts'
import { sentence, type Locale, type Sentence } from '../language.ts'
import { automationErrors } from './errors.ts'

export type ErrorCode = keyof typeof automationErrors

/** Codes that the database itself writes: their sentences stand in the table of errors, and nowhere else. */
const written = [
  'automation_off',
  'automation_changed',
  'automation_loop',
  'automation_too_deep',
  'automation_too_often',
  'automations_stopped',
] as const satisfies readonly ErrorCode[]

/** The sentence of a row's `code`, where it is one of those. */
export function sentenceOfCode(locale: Locale): Raw {
  const cases = written.map((code) => `WHEN '${code}' THEN '${quoted(automationErrors[code][locale])}'`)
  return raw(`coalesce(t.reason ->> '${locale}', CASE t.code ${cases.join(' ')} END)`)
}

const quoted = (text: string): string => text.replaceAll("'", "''")

/** Why an automation is void; each ends a sentence. */
export const voids = {
  operationGone: { da: 'handlingen findes ikke længere.', en: 'the operation is no longer there.' },
  changedPlugin: {
    da: 'handlingen er lavet om siden.',
    en: 'the operation has been made anew since.',
  },
  approverLeft: {
    da: 'den, der godkendte den, er ikke længere i firmaet.',
    en: 'the person who approved it is no longer in the company.',
  },
  approverMayNot: {
    da: '{name}, der godkendte den, har ikke længere adgang til det.',
    en: '{name}, who approved it, may not do it any longer.',
  },
} satisfies Record<string, Sentence>

export const named = (words: Sentence, name: string): Sentence => ({
  da: sentence(words, 'da', { name }),
  en: sentence(words, 'en', { name }),
})
