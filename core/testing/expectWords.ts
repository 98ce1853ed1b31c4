import { expect } from 'vitest'
import type { Core } from '../core.ts'
import { formatMessage, type Locale } from '../language.ts'
import type { AnyOperation } from '../operations/operation.ts'

/** What people read about an operation speaks only of what it takes and answers. */
export function expectWords(operation: AnyOperation, core: Core, locale: Locale): void {
  const { phrases, doing, done, confirm = '', filters = {} } = core.registry.words(operation, locale)
  const input = fieldsOf(operation.input)
  const known = [...input, ...fieldsOf(operation.output), 'count']
  expect(phrases.length, locale).toBeGreaterThanOrEqual(3)
  for (const phrase of phrases) {
    for (const [, field] of phrase.matchAll(/\{(\w+)\}/g))
      expect(input, `${locale}: ${phrase}`).toContain(field)
  }
  const ofItems = fieldsOf(itemOf(operation.output))
  for (const [field, message] of Object.entries(filters)) {
    expect(input, `${locale}: ${message}`).toContain(field)
    for (const name of placeholders(message, locale)) expect([...input, ...ofItems], message).toContain(name)
  }
  const about = fieldsOf(core.registry.find(`${operation.domain}.${operation.resource}.get`)?.output)
  for (const field of placeholders(confirm, locale)) {
    expect([...known, ...about], `${locale}: ${confirm}`).toContain(field)
  }
  for (const message of [doing, done]) {
    for (const field of placeholders(message, locale)) expect(known, `${locale}: ${message}`).toContain(field)
  }
}

/** The values that a message asks for when it is said. */
function placeholders(message: string, locale: Locale): Set<string> {
  const asked = new Set<string>()
  const asking = new Proxy({}, { get: (_, name) => void asked.add(String(name)) })
  formatMessage(message, locale, asking)
  return asked
}

/** What a list is a list of. */
const itemOf = (schema: unknown): unknown =>
  (schema as { shape?: { items?: { element?: unknown } } }).shape?.items?.element

function fieldsOf(schema: unknown): string[] {
  return Object.keys((schema as { shape?: Record<string, unknown> } | undefined)?.shape ?? {})
}
