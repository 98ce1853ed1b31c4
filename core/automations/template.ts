import type { Template } from './definition.ts'

/** What happened, as an input is filled from it. */
export interface Happened {
  readonly id: string
  readonly at: Date
  readonly payload: unknown
}

/** A place of an input that stands for something of the event. */
export interface Reference {
  /** `payload.id`, `event.at`, `event.day`. */
  readonly name: string
  /** Days after the day of the event. */
  readonly days: number
  /** As it was written, for people. */
  readonly written: string
}

const anyReference = /\{\{([^{}]*)\}\}/g
const known = /^\s*(payload(?:\.\w+)+|event\.(?:id|at|day))(?:\s*\+\s*(\d{1,3}))?\s*$/

/** Every reference of a text; one that cannot be read has no name. */
export function referencesIn(text: string): readonly (Reference | { readonly written: string })[] {
  return [...text.matchAll(anyReference)].map(([written, inner = '']) => read(inner, written))
}

function read(inner: string, written: string): Reference | { readonly written: string } {
  const [, name, days] = known.exec(inner) ?? []
  if (name === undefined || (days !== undefined && name !== 'event.day')) return { written }
  return { name, days: Number(days ?? 0), written }
}

export const isReference = (found: { readonly written: string }): found is Reference => 'name' in found

/** The one reference that a text consists of: its place takes the value itself, whatever its type. */
export function soleReference(text: string): Reference | undefined {
  const found = referencesIn(text)
  return found.length === 1 && found[0]!.written === text && isReference(found[0]!) ? found[0] : undefined
}

/** The input as it is called for one event; what the event has nothing of is left out. */
export const filled = (template: Template, happened: Happened): Record<string, unknown> =>
  fill(template, happened) as Record<string, unknown>

function fill(part: unknown, happened: Happened): unknown {
  if (typeof part === 'string') return fillText(part, happened)
  if (Array.isArray(part))
    return part.map((item) => fill(item, happened)).filter((item) => item !== undefined)
  if (typeof part !== 'object' || part === null) return part
  const fields = Object.entries(part).map(([name, value]) => [name, fill(value, happened)] as const)
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
}

function fillText(text: string, happened: Happened): unknown {
  const sole = soleReference(text)
  if (sole) return valueOf(sole, happened) ?? undefined
  return text.replace(anyReference, (written, inner: string) => {
    const reference = read(inner, written)
    return isReference(reference) ? spoken(valueOf(reference, happened)) : written
  })
}

const spoken = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

function valueOf({ name, days }: Reference, { id, at, payload }: Happened): unknown {
  if (name === 'event.id') return id
  if (name === 'event.at') return at.toISOString()
  if (name === 'event.day') return dayAfter(at, days)
  return name.split('.').slice(1).reduce(partOf, payload)
}

/** A field that the thing has of its own; nothing that every object or text has. */
const partOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

const danishDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' })
const millisecondsOfDay = 24 * 60 * 60_000

/** A day in Denmark as ISO 8601, so many days after the one on which it happened. */
function dayAfter(at: Date, days: number): string {
  const first = Date.parse(`${danishDay.format(at)}T00:00:00Z`)
  return new Date(first + days * millisecondsOfDay).toISOString().slice(0, 10)
}
