import type { z } from 'zod'
import { fail } from '../errors.ts'
import type { Locale, Sentence } from '../language.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { secretFields } from '../operations/secrets.ts'
import { typeOf } from './form.ts'
import type { Item } from './preview/names.ts'
import { fieldsOf, metaOf, unwrapped } from './preview/schema.ts'

/**
 * The fields of a call that a person may change when they approve it: those that one field of a form takes. What says
 * which thing it is about stays, and so does what refers to another: that would be another question. What only one
 * company has is described by somebody else's server, and is not changed here.
 */
export function editableFields(operation: AnyOperation): readonly string[] {
  if (operation.brought) return []
  const secret = secretFields(operation.input as z.ZodType)
  return fieldsOf(operation.input as z.ZodType).flatMap(([name, schema]) =>
    secret.has(name) || isFixed(name, schema) ? [] : [name],
  )
}

function isFixed(name: string, schema: z.ZodType): boolean {
  const { refers, kind } = metaOf(schema)
  const { format } = unwrapped(schema).def as { format?: string }
  const isId =
    name === 'id' || name === 'version' || refers !== undefined || /^(uuid|guid)$/.test(format ?? '')
  return isId || kind === 'file' || kind === 'json' || typeOf(schema) === 'json'
}

/** Puts what a person has changed in the place of what was asked; `null` takes out what may be left out. */
export function withChanges(
  operation: AnyOperation,
  asked: Item,
  changes: Item,
  locale: Locale,
): Readonly<Record<string, unknown>> {
  const may = new Set(editableFields(operation))
  const fixed = Object.keys(changes).filter((name) => !may.has(name))
  if (fixed.length > 0) refuseFixed(fixed, locale)
  const schemas = new Map(fieldsOf(operation.input as z.ZodType))
  const isLeftOut = (name: string, value: unknown): boolean =>
    value === null && name in changes && !schemas.get(name)!.safeParse(null).success
  return Object.fromEntries(
    Object.entries({ ...asked, ...changes }).filter(([name, value]) => !isLeftOut(name, value)),
  )
}

const fixedField = {
  da: 'det kan ikke rettes her. Afvis, og bed om det igen',
  en: 'it cannot be changed here. Reject it, and ask again',
} satisfies Sentence

function refuseFixed(names: readonly string[], locale: Locale): never {
  const issues = names.map((name) => ({ path: `changes.${name}`, message: fixedField[locale] }))
  fail('invalid_input', { problem: `${names[0]}: ${fixedField[locale]}.`, issues })
}
