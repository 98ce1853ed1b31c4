import { z } from 'zod'
import { formatMessage, type Locale, type Sentence } from '../language.ts'

type Issue = z.core.$ZodRawIssue

const zod = { da: z.locales.da().localeError, en: z.locales.en().localeError }

/** What is wrong with a field, in words that follow its name; where there are none here, Zod's own. */
export const problemsIn =
  (locale: Locale) =>
  (issue: Issue): string | undefined => {
    const words = wordsFor(issue)
    if (!words) return textOf(zod[locale](issue))
    return formatMessage(words[locale], locale, { ...issue, options: optionsOf(issue, locale) })
  }

function wordsFor(issue: Issue): Sentence | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? missing : types[issue.expected]
    case 'invalid_value':
      return issue.input === undefined ? missingOption : option
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return empty
      return issue.inclusive ? least[issue.origin] : undefined
    case 'too_big':
      return issue.inclusive ? most[issue.origin] : undefined
    default:
      return undefined
  }
}

const missing = { da: 'mangler', en: 'is missing' }
const missingOption = { da: 'mangler; vælg {options}', en: 'is missing; choose {options}' }
const option = { da: 'skal være {options}', en: 'must be {options}' }
const empty = { da: 'må ikke være tom', en: 'may not be empty' }

const types: Readonly<Record<string, Sentence>> = {
  string: { da: 'skal være tekst', en: 'must be text' },
  number: { da: 'skal være et tal', en: 'must be a number' },
  int: { da: 'skal være et helt tal', en: 'must be a whole number' },
  boolean: { da: 'skal være true eller false', en: 'must be true or false' },
  array: { da: 'skal være en liste', en: 'must be a list' },
  object: { da: 'skal være et objekt', en: 'must be an object' },
  record: { da: 'skal være et objekt', en: 'must be an object' },
}

const leastNumber = { da: 'skal være mindst {minimum, number}', en: 'must be at least {minimum, number}' }
const least: Readonly<Record<string, Sentence>> = {
  string: {
    da: 'skal have mindst {minimum, number} tegn',
    en: 'must have at least {minimum, number} characters',
  },
  array: {
    da: 'skal have mindst {minimum, plural, one {# element} other {# elementer}}',
    en: 'must have at least {minimum, plural, one {# item} other {# items}}',
  },
  number: leastNumber,
  int: leastNumber,
}

const mostNumber = { da: 'må højst være {maximum, number}', en: 'may be at most {maximum, number}' }
const most: Readonly<Record<string, Sentence>> = {
  string: {
    da: 'må højst have {maximum, number} tegn',
    en: 'may have at most {maximum, number} characters',
  },
  array: {
    da: 'må højst have {maximum, plural, one {# element} other {# elementer}}',
    en: 'may have at most {maximum, plural, one {# item} other {# items}}',
  },
  number: mostNumber,
  int: mostNumber,
}

function optionsOf(issue: Issue, locale: Locale): string {
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : []
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(values)
}

const textOf = (said: string | { message: string } | undefined | null): string | undefined =>
  typeof said === 'object' ? said?.message : said
