import type { Locale } from '#core'
import { tellAbilities } from '../answers/abilities.ts'
import { tellResult } from '../answers/results.ts'
import { say } from '../answers/sentences.ts'
import type { Skill } from '../brain.ts'
import { detectLanguage } from '../language/detect.ts'
import { tokenize } from '../language/tokens.ts'
import type { Command } from '../understanding/command.ts'
import { followUp } from './followUp.ts'
import { isLookup, mentionsIn, type Mentions } from './mentions.ts'
import type { Mind } from './mind.ts'
import { answered, type Pending } from './pending.ts'
import { prepare, type Call } from './prepare.ts'
import { questionFor } from './questions.ts'
import { saysCancel, smallTalkIn } from './smallTalk.ts'
import type { Step, Turn } from './transcript.ts'
import { understand, type Understood } from './understand.ts'

/** What to do next in a conversation: call tools, or say something (which may leave a question open). */
export type Decision =
  | { readonly kind: 'calls'; readonly calls: readonly Call[] }
  | {
      readonly kind: 'say'
      readonly text: string
      readonly pending?: Pending
      /** Nothing has the name that was read from the message. */
      readonly unfound?: true
    }

/** Decides from the conversation alone; asked again after each tool result, it comes to the next step of the same plan. */
export function decide(turns: readonly Turn[], mind: Mind): Decision {
  const turn = turns.at(-1)
  if (!turn) return { kind: 'say', text: say('hello', mind.locale) }
  const locale = languageOf(turns, mind)
  const earlier = turns.slice(0, -1).flatMap((each) => each.steps)
  const pending = openQuestion(turns, mind)
  if (pending && saysCancel(turn.text)) return { kind: 'say', text: say('left', locale) }
  const answer = pending && answerTo(pending, turn.text, locale, earlier, mind)
  if (answer?.length === 0) return { kind: 'say', text: say('left', locale) }
  if (answer) return carryOut(answer, turn.steps, earlier, mind)
  const talk = smallTalkIn(turn.text)
  if (talk)
    return {
      kind: 'say',
      text:
        talk.talk === 'help'
          ? tellAbilities(mind.brain, mind.offered, talk.locale ?? locale)
          : say(talk.talk, talk.locale ?? locale),
    }
  const understood = understand(mind, turn.text, locale, mentionsIn(mind.brain, earlier))
  const again = followUp(turn.text, locale, turns.at(-2)?.steps ?? [], mind)
  if (again && (again.isPlain || !isClear(understood)))
    return carryOut([again.command], turn.steps, earlier, mind)
  return follow(understood, turn.steps, earlier, mind)
}

/** The language of the conversation so far; a message that does not tell keeps it. */
function languageOf(turns: readonly Turn[], { locale, brain }: Mind): Locale {
  return turns
    .slice(-recent)
    .reduce(
      (known, { text }) => detectLanguage(tokenize(text.slice(0, 400)), known, brain.vocabulary.languages),
      locale,
    )
}

const recent = 6

/** The question that the last answer left open: found by deciding that turn again, which needs no memory. */
function openQuestion(turns: readonly Turn[], mind: Mind): Pending | undefined {
  const previous = turns.at(-2)
  if (!previous?.reply?.trim().endsWith('?')) return undefined
  const decision = decide(turns.slice(-recent, -1), mind)
  return decision.kind === 'say' ? decision.pending : undefined
}

const clearlyAnother = 0.95
const isClear = (understood: Understood): understood is Understood & { kind: 'commands' } =>
  understood.kind === 'commands' && understood.commands.every(({ score }) => score >= clearlyAnother)

/** A message that is a clear command of its own is no answer, unless any text would do. */
function answerTo(
  pending: Pending,
  text: string,
  locale: Locale,
  earlier: readonly Step[],
  mind: Mind,
): readonly Command[] | undefined {
  const takesAnything =
    pending.kind === 'field' && (pending.field.type === 'free' || pending.field.type === 'text')
  if (!isBareName(pending, text)) {
    const other = understand(mind, text, locale, mentionsIn(mind.brain, earlier))
    if (isClear(other) && (!takesAnything || asksAgain(other, pending))) return undefined
  }
  return answered(pending, text, mind)
}

/** "I talked to Peter Holm about keys" is all of the call that was to be logged, and not its text. */
const asksAgain = ({ commands }: Understood & { kind: 'commands' }, pending: Pending): boolean =>
  commands.every(({ skill, references }) => skill === pending.commands[pending.at]?.skill && Object.keys(references).length > 0) // prettier-ignore

/** "Lisa Overby" where a name was asked for is that name, whatever else its words may mean. */
const isBareName = ({ kind, field }: Pending, text: string): boolean =>
  kind === 'field' &&
  (field.type === 'personName' || field.type === 'companyName') &&
  text.trim().split(/\s+/).every((word) => /^\p{Lu}/u.test(word)) // prettier-ignore

function follow(
  understood: Understood,
  steps: readonly Step[],
  earlier: readonly Step[],
  mind: Mind,
): Decision {
  if (understood.kind === 'commands') return carryOutLikeliest(understood, steps, earlier, mind)
  const { locale } = understood
  if (understood.kind === 'notOffered') {
    const { title } = understood.reading.skill.card.words[locale]
    return {
      kind: 'say',
      text: `${say('notOffered', locale, { title })}\n\n${tellAbilities(mind.brain, mind.offered, locale)}`,
    }
  }
  const titles = understood.readings.slice(0, 3).map(({ skill }) => `- ${skill.card.words[locale].title}`)
  if (titles.length > 0)
    return {
      kind: 'say',
      text: [say('unclear', locale), say('didYouMean', locale), titles.join('\n')].join('\n'),
    }
  return { kind: 'say', text: `${say('cannot', locale)} ${tellAbilities(mind.brain, mind.offered, locale)}` }
}

/** The first understanding, or where nothing has the name that it read, the first whose names are all found. */
function carryOutLikeliest(
  { commands, others }: Understood & { kind: 'commands' },
  steps: readonly Step[],
  earlier: readonly Step[],
  mind: Mind,
): Decision {
  const first = carryOut(commands, steps, earlier, mind)
  if (!isUnfound(first)) return first
  for (const other of others) {
    const decision = carryOut([other], steps, earlier, mind)
    if (decision.kind === 'calls' || isToldBy(other, steps)) return decision
  }
  return first
}

const isUnfound = (decision: Decision): boolean => decision.kind === 'say' && decision.unfound === true
const isToldBy = ({ skill }: Command, steps: readonly Step[]): boolean =>
  steps.some((step) => step.tool === skill.tool && !isLookup(step.args) && step.outcome !== undefined)

/** Goes through the commands in order: what has a result is told, the first that has none is taken a step further. */
function carryOut(
  commands: readonly Command[],
  steps: readonly Step[],
  earlier: readonly Step[],
  mind: Mind,
): Decision {
  const acts = steps.filter((step) => !isLookup(step.args))
  const told: string[] = []
  for (const [at, command] of commands.entries()) {
    const outcome = acts[at]?.tool === command.skill.tool ? acts[at]?.outcome : undefined
    if (!outcome) return next(commands, at, steps, [...earlier, ...acts], mind, told)
    told.push(
      outcome.ok
        ? tell(command, acts[at] as Step, outcome.output, mind)
        : failure(outcome.message, command.locale),
    )
    if (!outcome.ok) break
  }
  return { kind: 'say', text: told.join('\n\n') }
}

function next(
  commands: readonly Command[],
  at: number,
  steps: readonly Step[],
  spoken: readonly Step[],
  mind: Mind,
  told: readonly string[],
): Decision {
  const { brain, offered, person } = mind
  const acts = steps.filter((step) => !isLookup(step.args))
  const mentions: Mentions = mentionsIn(brain, spoken)
  const made = (command: number): unknown => {
    const outcome = acts[command]?.outcome
    return outcome?.ok ? outcome.output : undefined
  }
  const prepared = prepare(commands[at] as Command, {
    brain,
    offered,
    mentions,
    steps,
    made,
    ...(person && { person }),
  })
  if (prepared.kind === 'ready') return { kind: 'calls', calls: [prepared.call] }
  if (prepared.kind === 'lookups') return { kind: 'calls', calls: prepared.calls }
  const { text, pending } = questionFor(prepared, commands.slice(at), 0, mind)
  const unfound = prepared.kind === 'open' && prepared.resolution.kind === 'none'
  return {
    kind: 'say',
    text: [...told, text].join('\n\n'),
    ...(pending && { pending }),
    ...(unfound && { unfound }),
  }
}

const failure = (message: string, locale: Locale): string =>
  /[.!?]$/.test(message) ? message : say('failed', locale, { message })

function tell(
  { skill, locale }: Command,
  { args }: Step,
  output: unknown,
  { brain, surroundings }: Mind,
): string {
  const reader = { locale, timeZone: surroundings.timeZone }
  const columnsOf = ({ card, resource }: Skill): Readonly<Record<string, string>> | undefined =>
    card.words[locale].columns ?? brain.skills.get(`${resource}.list`)?.card.words[locale].columns
  return tellResult(skill, args, output, reader, columnsOf)
}
