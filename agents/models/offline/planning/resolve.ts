import { isSearchable, listerOf, type OfflineBrain } from '../brain.ts'
import { isSlip } from '../language/editDistance.ts'
import { fold } from '../language/fold.ts'
import type { Command, Reference } from '../understanding/command.ts'
import type { Field } from '../understanding/fields.ts'
import { searchTexts } from '../understanding/names.ts'
import { isObject, type Outcome, type Step } from './transcript.ts'
import { itemsOf, labelOf, lookupLimit, wholeListLimit, type Mentions } from './mentions.ts'

export interface Option {
  readonly id: string
  readonly label: string
  readonly note?: string
}

/** What became of a reference: an id, a look-up still to make, or the reason why it stands open. */
export type Resolution =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'lookup'; readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: 'several'; readonly name: string; readonly options: readonly Option[] }
  | { readonly kind: 'none'; readonly name: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly message: string }

export interface ResolveContext {
  readonly brain: OfflineBrain
  readonly offered: (operation: string) => boolean
  readonly mentions: Mentions
  /** The steps of the present turn. */
  readonly steps: readonly Step[]
  readonly person?: { readonly id: string }
  /** The result of an earlier command of this turn. */
  readonly made: (command: number) => unknown
}

export function resolve(
  reference: Reference,
  field: Field,
  command: Command,
  context: ResolveContext,
): Resolution {
  switch (reference.kind) {
    case 'id':
      return { kind: 'id', id: reference.id }
    case 'self':
      return context.person ? { kind: 'id', id: context.person.id } : { kind: 'unknown' }
    case 'focus':
      return focus(field, command, context)
    case 'ordinal':
      return ordinal(reference.place, field, context)
    case 'made':
      return made(reference.command, context)
    case 'named':
      return lookUp(reference.text, field, command, context)
  }
}

function focus({ refers }: Field, _command: Command, { mentions }: ResolveContext): Resolution {
  const thing = mentions.things.find((mention) => mention.resource === refers)
  return thing ? { kind: 'id', id: thing.id } : { kind: 'unknown' }
}

function ordinal(place: number, { refers }: Field, { mentions }: ResolveContext): Resolution {
  const list = mentions.list.filter((mention) => mention.resource === refers)
  const thing = place < 0 ? list.at(place) : list[place - 1]
  return thing ? { kind: 'id', id: thing.id } : { kind: 'unknown' }
}

function made(command: number, { made: resultOf }: ResolveContext): Resolution {
  const result = resultOf(command)
  return isObject(result) && typeof result['id'] === 'string'
    ? { kind: 'id', id: result['id'] }
    : { kind: 'unknown' }
}

/** Searches the resource's list by the name, then by what is left without a genitive s. */
function lookUp(
  name: string,
  { refers }: Field,
  { skill }: Command,
  { brain, offered, steps }: ResolveContext,
): Resolution {
  const lister = refers === undefined ? undefined : listerOf(brain, refers)
  if (!lister || !offered(lister.card.name)) return { kind: 'unknown' }
  for (const q of searchTexts(name)) {
    const canSearch = isSearchable(lister)
    const args = canSearch ? { q, limit: lookupLimit } : { limit: wholeListLimit }
    const step = steps.find((each) => each.tool === lister.tool && each.args['limit'] === args.limit && each.args['q'] === args.q) // prettier-ignore
    if (!step?.outcome) return { kind: 'lookup', tool: lister.tool, args }
    const found = choose(
      step.outcome,
      q,
      skill.card.effect === 'destroy',
      !canSearch || isNamed(brain, refers),
    )
    if (found) return found
  }
  return { kind: 'none', name }
}

function choose(outcome: Outcome, name: string, isFinal: boolean, byName: boolean): Resolution | undefined {
  if (!outcome.ok) return { kind: 'failed', message: outcome.message }
  const items = (itemsOf(outcome.output) ?? [])
    .filter(isObject)
    .filter((item) => !byName || sharesWord(labelOf(item) ?? '', name))
  const options = items.flatMap(optionOf)
  if (options.length === 0) return undefined
  const [only] = clearest(items, options, name, isFinal)
  return only ? { kind: 'id', id: only.id } : { kind: 'several', name, options }
}

/** People and companies are known by name; a deal may well be spoken of by whose it is. */
function isNamed({ skills }: OfflineBrain, resource: string | undefined): boolean {
  const fields = skills.get(`${resource}.create`)?.fields ?? []
  return resource === people || fields.some(({ type }) => type === 'personName' || type === 'companyName')
}

const people = 'platform.people'

/** A search may find a person by the company; who is meant by name bears most words of it, if with a slip. */
function sharesWord(label: string, name: string): boolean {
  const known = wordsOf(label)
  const words = wordsOf(name)
  const borne = words.filter((word) =>
    known.some((other) => other.startsWith(word) || word.startsWith(other) || isSlip(word, other)),
  )
  return borne.length > 0 && borne.length >= words.length * mostOfName
}

/** "Hotel Knudsen" is not Peter Knudsen; "Bach Arkitekter ApS" is Bach Arkitekter. */
const mostOfName = 0.6

const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1)

/** One option, or the one of exactly that name, or the only open one; for what cannot be undone an open one is no reason. */
function clearest(
  items: readonly Record<string, unknown>[],
  options: readonly Option[],
  name: string,
  isFinal: boolean,
): readonly Option[] {
  const exact = options.filter((option) => fold(option.label) === fold(name))
  const whole = options.filter((option) => holdsWords(option.label, name))
  const open = options.filter((_, index) => isOpen(items[index]))
  const choices = [
    exact,
    options,
    whole,
    ...(isFinal ? [] : [open.filter((option) => exact.length === 0 || exact.includes(option))]),
  ]
  return choices.find((each) => each.length === 1) ?? []
}

/** Every word of the name stands in the label, and the label begins with it. */
function holdsWords(label: string, name: string): boolean {
  const words = fold(label).split(/[^\p{L}\p{N}]+/u)
  const wanted = fold(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word)
  return wanted.length > 1 && wanted.every((word) => words.includes(word))
}

const isOpen = (item: Readonly<Record<string, unknown>> | undefined): boolean =>
  item?.['status'] === 'open' || item?.['done'] === false

function optionOf(item: Readonly<Record<string, unknown>>): Option[] {
  const label = labelOf(item)
  const note = ['companyName', 'stageName', 'email', 'city', 'status']
    .map((key) => item[key])
    .find((value) => typeof value === 'string')
  return typeof item['id'] === 'string' && label
    ? [{ id: item['id'], label, ...(typeof note === 'string' && { note }) }]
    : []
}
