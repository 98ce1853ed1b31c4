import type { Command, Reference } from '../understanding/command.ts'
import type { Field } from '../understanding/fields.ts'
import { asArgument } from '../understanding/values.ts'
import { resolve, type Resolution, type ResolveContext } from './resolve.ts'

export interface Call {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

/** A command on its way to a call: look-ups first, then the call itself, or the reason why it must wait. */
export type Prepared =
  | { readonly kind: 'ready'; readonly call: Call }
  | { readonly kind: 'lookups'; readonly calls: readonly Call[] }
  | { readonly kind: 'missing'; readonly field: Field }
  | {
      readonly kind: 'open'
      readonly field: Field
      readonly resolution: Exclude<Resolution, { kind: 'id' | 'lookup' }>
    }
  | { readonly kind: 'noChange' }

export function prepare(command: Command, context: ResolveContext): Prepared {
  const complete = withFocus(command, context)
  const field = complete.skill.fields.find(
    (each) => each.required && !(each.name in complete.args) && !(each.name in complete.references),
  )
  if (field) return { kind: 'missing', field }
  if (changesNothing(complete)) return { kind: 'noChange' }
  return resolveAll(complete, context)
}

/** A required thing that nobody named is the one spoken of, if there is one. */
function withFocus(command: Command, { mentions }: ResolveContext): Command {
  const { skill, args, references } = command
  const open = skill.fields.find(
    (field) =>
      field.required && field.type === 'reference' && !(field.name in args) && !(field.name in references),
  )
  if (!open || !mentions.things.some((thing) => thing.resource === open.refers)) return command
  return { ...command, references: { ...references, [open.name]: [{ kind: 'focus' }] } }
}

const changesNothing = ({ skill, args, references }: Command): boolean =>
  skill.verb === 'update' &&
  skill.fields.every(({ name, required }) => required || !(name in args || name in references)) &&
  skill.fields.filter(({ required }) => required).length <= 1

function resolveAll(command: Command, context: ResolveContext): Prepared {
  const { skill, args, references } = command
  const resolved: Record<string, unknown> = {}
  const lookups: Call[] = []
  for (const field of skill.fields) {
    for (const reference of references[field.name] ?? ([] as readonly Reference[])) {
      const { at, resolution } = resolveSomewhere(reference, field, command, context)
      if (resolution.kind === 'lookup') lookups.push({ tool: resolution.tool, args: resolution.args })
      else if (resolution.kind === 'id') put(resolved, at, resolution.id)
      else if (!isLoose(reference)) return { kind: 'open', field: at, resolution }
    }
  }
  if (lookups.length > 0) return { kind: 'lookups', calls: lookups }
  return { kind: 'ready', call: { tool: skill.tool, args: { ...args, ...resolved } } }
}

const isLoose = (reference: Reference): boolean => 'loose' in reference && reference.loose === true

function put(resolved: Record<string, unknown>, field: Field, id: string): void {
  const before = resolved[field.name]
  resolved[field.name] = field.list ? [...(Array.isArray(before) ? before : []), id] : asArgument(field, id)
}

/** "a note on Havneby": where no contact is called so, a company or a deal may be, if the operation takes one. */
function resolveSomewhere(
  reference: Reference,
  field: Field,
  command: Command,
  context: ResolveContext,
): { at: Field; resolution: Resolution } {
  const first = { at: field, resolution: resolve(reference, field, command, context) }
  if (first.resolution.kind !== 'none' || field.required) return first
  for (const other of alternatives(command, field)) {
    const resolution = resolve(reference, other, command, context)
    if (resolution.kind !== 'none' && resolution.kind !== 'unknown') return { at: other, resolution }
  }
  return first
}

const people = 'platform.people'

const alternatives = ({ skill, args, references }: Command, taken: Field): Field[] =>
  skill.verb === 'create' &&
  skill.fields.some((field) => field.type === 'personName' || field.type === 'companyName')
    ? []
    : skill.fields.filter(
        (field) =>
          field.type === 'reference' &&
          field !== taken &&
          field.refers !== people &&
          taken.refers !== people &&
          !(field.name in args) &&
          !(field.name in references),
      )
