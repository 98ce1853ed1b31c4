import type { OfflineBrain, Skill } from '../brain.ts'
import type { Surroundings } from '../entities/recognize.ts'
import type { Reference } from './command.ts'
import type { Field } from './fields.ts'
import { readReference } from './names.ts'
import type { Sentence } from './sentence.ts'
import { asArgument, valueFromText } from './values.ts'

/** The arguments of a command while they are being read. */
export interface Filling {
  readonly brain: OfflineBrain
  readonly skill: Skill
  readonly sentence: Sentence
  readonly surroundings: Surroundings
  readonly args: Record<string, unknown>
  readonly references: Record<string, readonly Reference[]>
  /** Tokens that a slot or an argument has taken. */
  readonly taken: Set<number>
}

export const isFilled = ({ args, references }: Filling, { name }: Field): boolean =>
  name in args || name in references

export function take({ taken }: Filling, first: number, last: number): void {
  for (let token = first; token < last; token++) taken.add(token)
}

export function fillText({ args, references, brain }: Filling, field: Field, text: string): void {
  if (field.type === 'reference')
    references[field.name] = parts(field, text).map((part) => readReference(part, field, brain.nouns))
  else if (field.list)
    args[field.name] = parts(field, text).map((part) => wrapped(field, valueFromText(field, part)))
  else args[field.name] = asArgument(field, valueFromText(field, text))
}

const wrapped = (field: Field, value: unknown): unknown => (field.wrap ? { [field.wrap]: value } : value)
const parts = (field: Field, text: string): string[] =>
  field.list ? text.split(/\s*,\s*|\s+(?:og|and|&)\s+/).filter((part) => part) : [text]
