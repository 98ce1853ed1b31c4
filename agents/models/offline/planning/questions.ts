import { say } from '../answers/sentences.ts'
import { plainMarkdown } from '../answers/table.ts'
import type { Command } from '../understanding/command.ts'
import type { Field } from '../understanding/fields.ts'
import type { Mind } from './mind.ts'
import { creatorOf, type Pending } from './pending.ts'
import type { Prepared } from './prepare.ts'
import type { Option, Resolution } from './resolve.ts'

interface Question {
  readonly text: string
  readonly pending?: Pending
}

type Waiting = Exclude<Prepared, { kind: 'ready' | 'lookups' }>

/** The one short question (or the plain sentence) that a waiting command leads to. */
export function questionFor(
  waiting: Waiting,
  commands: readonly Command[],
  at: number,
  mind: Mind,
): Question {
  const command = commands[at] as Command
  if (waiting.kind === 'noChange') return { text: say('missingChange', command.locale) }
  const { field } = waiting
  if (waiting.kind === 'missing')
    return { text: ask(command, field), pending: { kind: 'field', commands, at, field } }
  return openQuestion(waiting.resolution, commands, at, field, mind)
}

function openQuestion(
  resolution: Exclude<Resolution, { kind: 'id' | 'lookup' }>,
  commands: readonly Command[],
  at: number,
  field: Field,
  mind: Mind,
): Question {
  const command = commands[at] as Command
  const { locale } = command
  switch (resolution.kind) {
    case 'failed':
      return { text: resolution.message }
    case 'unknown':
      return { text: ask(command, field), pending: { kind: 'field', commands, at, field } }
    case 'several':
      return {
        text: several(resolution.name, resolution.options, command),
        pending: { kind: 'choice', commands, at, field, options: resolution.options },
      }
    case 'none':
      return notFound(
        resolution.name,
        commands,
        at,
        field,
        mind,
        say('none', locale, { name: plainMarkdown(resolution.name) }),
      )
  }
}

function notFound(
  name: string,
  commands: readonly Command[],
  at: number,
  field: Field,
  mind: Mind,
  sentence: string,
): Question {
  const command = commands[at] as Command
  const creator = command.skill.verb === 'create' ? creatorOf(mind.brain, field.refers) : undefined
  if (creator && mind.offered(creator.card.name)) {
    const offer = say('offerToCreate', command.locale, { name: plainMarkdown(name) })
    return { text: `${sentence} ${offer}`, pending: { kind: 'create', commands, at, field, name, creator } }
  }
  return { text: `${sentence} ${ask(command, field)}`, pending: { kind: 'field', commands, at, field } }
}

function several(name: string, options: readonly Option[], { locale }: Command): string {
  const lines = options.map(
    ({ label, note }, index) =>
      `${index + 1}. ${plainMarkdown(label)}${note ? ` (${plainMarkdown(note)})` : ''}`,
  )
  return `${say('several', locale, { name: plainMarkdown(name) })}\n\n${lines.join('\n')}\n\n${say('whichOne', locale)}`
}

function ask({ skill, locale }: Command, field: Field): string {
  const question = skill.card.words[locale].questions?.[field.name]
  if (question) return question
  return field.type === 'reference'
    ? say('whichInstead', locale)
    : say('missing', locale, { field: field.name })
}
