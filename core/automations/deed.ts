import { z } from 'zod'
import { labelOf } from '../approvals/preview/labels.ts'
import type { Reading } from '../approvals/preview/names.ts'
import { Field, previewOf, type Preview } from '../approvals/preview/preview.ts'
import { sinksOf } from '../approvals/sinks.ts'
import { wholeText } from '../approvals/plainText.ts'
import { Outcome } from '../operations/outcome.ts'
import type { Caller } from '../operations/caller.ts'
import type { ReadContext, WriteContext } from '../operations/context.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import type { Template } from './definition.ts'
import { referencesIn } from './template.ts'

/** What an automation does, as a person reads it before they say yes. */
export const Deed = z.object({
  title: z.string(),
  effect: z.enum(['write', 'send', 'destroy']),
  /** What cannot be undone, where something cannot. */
  warning: z.string().nullable(),
  /** `fromEvent`: the value comes with each event, and whoever made the event chose it. */
  fields: z.array(Field.omit({ before: true }).extend({ fromEvent: z.boolean() })),
})

/** Reads names beside a call, within the transaction that is open and with the rights of whoever asks. */
export const readingIn = (context: ReadContext | WriteContext, registry: Registry): Reading => ({
  registry,
  invoke: async (operation, input) =>
    Outcome.ofValue(await (context as ReadContext).call(operation as never, input as never)) as never,
})

/** What a call with exactly this input would do, in names and values. */
export const shownCall = (
  context: ReadContext | WriteContext,
  registry: Registry,
  operation: AnyOperation,
  input: unknown,
): Promise<Preview> =>
  // Names are read through the context, so its caller is not asked for anything more.
  previewOf(readingIn(context, registry), {
    operation,
    raw: input,
    input,
    caller: context as unknown as Caller,
  })

export async function deedOf(
  context: ReadContext | WriteContext,
  registry: Registry,
  operation: AnyOperation,
  template: Template,
): Promise<z.output<typeof Deed>> {
  const { locale } = context
  const isOpen = new Set(fieldsFromEvent(template))
  const literal = Object.fromEntries(Object.entries(template).filter(([name]) => !isOpen.has(name)))
  const { words } = await shownCall(context, registry, operation, literal)
  const sinks = sinksOf(operation)
  const coming = [...isOpen].map((name) => {
    const sink = sinks.get(name) ?? null
    const label = labelOf(operation, name, sink ?? undefined, locale, registry)
    return { name, label, value: wholeText(writtenOf(template[name])), sink, fromEvent: true }
  })
  const fixed = words[locale].fields.map(({ name, label, value, sink }) => ({
    name,
    label,
    value,
    sink,
    fromEvent: false,
  }))
  const { confirm } = registry.words(operation, locale)
  return {
    title: words[locale].title,
    effect: operation.effect as 'write',
    warning: operation.effect === 'destroy' && confirm !== undefined ? words[locale].summary : null,
    fields: [...fixed, ...coming],
  }
}

const writtenOf = (part: unknown): string => (typeof part === 'string' ? part : JSON.stringify(part))

/** Fields of the input that an event has a say in. */
export const fieldsFromEvent = (template: Template): readonly string[] =>
  Object.entries(template)
    .filter(([, value]) => referencesIn(JSON.stringify(value)).length > 0)
    .map(([name]) => name)

/** Those of them that say where something goes, or how much: they are accepted one by one. */
export const sinksFromEvent = (operation: AnyOperation, template: Template): readonly string[] =>
  fieldsFromEvent(template).filter((name) => sinksOf(operation).has(name))
