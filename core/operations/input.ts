import type { z } from 'zod'
import { fail } from '../errors.ts'
import type { Locale, Sentence } from '../language.ts'
import { problemsIn } from './problems.ts'

const problems = { da: problemsIn('da'), en: problemsIn('en') }
const deepest = 32

const unreadable = {
  da: 'teksten indeholder tegn, der ikke kan gemmes (NUL eller et halvt Unicode-tegn). Fjern dem',
  en: 'the text holds characters that cannot be stored (NUL or half a Unicode character). Remove them',
}
const tooDeep = { da: 'det er indlejret for dybt', en: 'it is nested too deep' }

/** Input that is read from the caller only once it is known that they may send it: a file of any size, say. */
export class LateInput {
  readonly read: () => Promise<unknown>

  constructor(read: () => Promise<unknown>) {
    this.read = read
  }
}

/** Reads what a caller sent as the operation's input, or refuses with one sentence that names the field. */
export function parseInput<Schema extends z.ZodType>(
  operation: { readonly input: Schema },
  input: unknown,
  locale: Locale,
): z.output<Schema> {
  refuseUnreadable(input ?? {}, locale)
  const result = operation.input.safeParse(input ?? {}, { error: problems[locale] })
  if (result.success) return result.data
  const issues = result.error.issues.map((issue: z.core.$ZodIssue) => ({
    path: issue.path.join('.'),
    message: messageOf(issue, locale),
  }))
  fail('invalid_input', { problem: issues.slice(0, 1).map(said).join(''), issues })
}

const said = ({ path, message }: { path: string; message: string }): string =>
  `${path && `${path}: `}${message.replace(/\.$/, '')}.`

/** A plugin's own check brings its sentence in both languages as the issue's `params`. */
export function messageOf(issue: z.core.$ZodIssue, locale: Locale): string {
  const params = issue.code === 'custom' ? (issue.params as Partial<Sentence> | undefined) : undefined
  return params?.[locale] ?? issue.message
}

/** PostgreSQL stores neither NUL nor lone surrogates; no schema has to remember that. */
function refuseUnreadable(value: unknown, locale: Locale, path: readonly (string | number)[] = []): void {
  if (path.length > deepest) fail('invalid_input', { problem: `${tooDeep[locale]}.`, issues: [] })
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      const where = path.join('.')
      const problem = `${where ? `${where}: ` : ''}${unreadable[locale]}.`
      fail('invalid_input', { problem, issues: [{ path: where, message: unreadable[locale] }] })
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => refuseUnreadable(item, locale, [...path, index]))
  } else if (value !== null && typeof value === 'object' && isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      refuseUnreadable(key, locale, path)
      refuseUnreadable(item, locale, [...path, key])
    }
  }
}

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value) as unknown
  return prototype === Object.prototype || prototype === null
}
