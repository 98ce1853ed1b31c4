import type { OfflineBrain, Skill } from '../brain.ts'
import { recognize } from '../entities/recognize.ts'
import { fold } from '../language/fold.ts'
import { stem } from '../language/stem.ts'
import type { Command } from '../understanding/command.ts'
import { entitiesFor, type Field } from '../understanding/fields.ts'
import { asName, readReference } from '../understanding/names.ts'
import { ordinalIn } from '../understanding/ordinals.ts'
import { asArgument, currencyOf, valueFromEntity, valueFromText } from '../understanding/values.ts'
import type { Mind } from './mind.ts'
import type { Option } from './resolve.ts'
import { saysNo, saysYes } from './smallTalk.ts'

/** A question that stands open, and the commands that wait for its answer. */
export type Pending = {
  readonly commands: readonly Command[]
  readonly at: number
  readonly field: Field
} & (
  | { readonly kind: 'field' }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'create'; readonly name: string; readonly creator: Skill }
)

/** The waiting commands with the answer put in; undefined where the message is no answer. */
export function answered(pending: Pending, text: string, mind: Mind): readonly Command[] | undefined {
  const answer = text.trim().replace(/[.!?]+$/, '')
  switch (pending.kind) {
    case 'field':
      return withValue(pending, answer, mind)
    case 'choice':
      return withChoice(pending, answer, mind)
    case 'create':
      return withCreation(pending, answer, mind)
  }
}

const replaced = ({ commands, at }: Pending, change: (command: Command) => Command): readonly Command[] =>
  commands.map((command, index) => (index === at ? change(command) : command))

function withValue(pending: Pending, answer: string, mind: Mind): readonly Command[] | undefined {
  const { field } = pending
  if (field.type === 'reference') {
    const named = readReference(withoutLead(answer), field, mind.brain.nouns)
    return replaced(pending, (command) => ({
      ...command,
      references: { ...command.references, [field.name]: [named] },
    }))
  }
  const args = readAnswer(field, answer, mind)
  return args && replaced(pending, (command) => ({ ...command, args: { ...command.args, ...args } }))
}

/** "det er Havneby", "hos Havneby", "it's Havneby" → "Havneby". */
const withoutLead = (answer: string): string =>
  answer.replace(
    /^(?:det er|den er|den med|det med|hos|ved|til|for|it is|it's|its|that is|at|to|for|with|med)\s+/iu,
    '',
  )

function readAnswer(
  field: Field,
  answer: string,
  { surroundings }: Mind,
): Record<string, unknown> | undefined {
  const types = entitiesFor(field.type)
  if (types.length > 0) {
    const found = recognize(answer, surroundings).find((entity) => types.includes(entity.type))
    const currency = found && currencyOf(found)
    return (
      found && {
        [field.name]: asArgument(field, valueFromEntity(field, found, surroundings)),
        ...(currency && { currency }),
      }
    )
  }
  if (field.type === 'choice') {
    const stems = new Set(
      fold(answer)
        .split(/[^\p{L}\p{N}]+/u)
        .map(stem),
    )
    const choice = field.choices.find(
      (each) => each.stems.length > 0 && each.stems.every((one) => stems.has(one)),
    )
    return choice && { [field.name]: asArgument(field, choice.value) }
  }
  if (answer === '') return undefined
  const isName = field.type === 'personName' || field.type === 'companyName'
  return {
    [field.name]: asArgument(field, isName ? asName(withoutLead(answer)) : valueFromText(field, answer)),
  }
}

function withChoice(
  pending: Pending & { kind: 'choice' },
  answer: string,
  { brain }: Mind,
): readonly Command[] | undefined {
  const chosen = optionFor(pending.options, answer)
  const reference = chosen
    ? ({ kind: 'id', id: chosen.id } as const)
    : readReference(withoutLead(answer), pending.field, brain.nouns)
  return replaced(pending, (command) => ({
    ...command,
    references: { ...command.references, [pending.field.name]: [reference] },
  }))
}

function optionFor(options: readonly Option[], answer: string): Option | undefined {
  const words = fold(withoutLead(answer)).trim()
  const place = /^\d{1,2}$/.test(words) ? Number(words) : ordinalIn(words)
  if (place !== undefined) return place < 0 ? options.at(place) : options[place - 1]
  const whole = options.filter((option) => fold(option.label) === words)
  const holding = options.filter(({ label, note = '' }) =>
    fold(`${label} ${note}`).includes(words.replace(/^(?:den|the) /, '')),
  )
  return [whole, holding].find((each) => each.length === 1)?.[0]
}

function withCreation(
  pending: Pending & { kind: 'create' },
  answer: string,
  { brain }: Mind,
): readonly Command[] | undefined {
  const { commands, at, field, name, creator } = pending
  const command = commands[at] as Command
  if (saysYes(answer))
    return [
      ...commands.slice(0, at),
      creation(creator, name, command),
      pointingTo(command, field, at),
      ...commands.slice(at + 1),
    ]
  if (saysNo(answer)) {
    const { [field.name]: _dropped, ...references } = command.references
    return field.required ? [] : replaced(pending, () => ({ ...command, references }))
  }
  const named = readReference(withoutLead(answer), field, brain.nouns)
  return replaced(pending, () => ({
    ...command,
    references: { ...command.references, [field.name]: [named] },
  }))
}

function creation(creator: Skill, name: string, { locale }: Command): Command {
  const field = nameField(creator) as Field
  return {
    skill: creator,
    locale,
    args: { [field.name]: asArgument(field, asName(name)) },
    references: {},
    score: 1,
  }
}

const pointingTo = (command: Command, field: Field, made: number): Command => ({
  ...command,
  references: { ...command.references, [field.name]: [{ kind: 'made', command: made }] },
})

const nameField = ({ fields }: Skill): Field | undefined =>
  fields.find((field) => field.type === 'companyName' || field.type === 'personName')

/** The operation that makes a thing of a resource from nothing but its name. */
export function creatorOf(brain: OfflineBrain, resource: string | undefined): Skill | undefined {
  const creator = brain.skills.get(`${resource}.create`)
  const name = creator && nameField(creator)
  return name && creator.fields.every((field) => !field.required || field === name) ? creator : undefined
}
