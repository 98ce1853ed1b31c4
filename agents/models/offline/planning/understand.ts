import type { Locale } from '#core'
import { fill } from '../understanding/fill.ts'
import { interpret, type Reading } from '../understanding/interpret.ts'
import { readReference } from '../understanding/names.ts'
import { spanText } from '../understanding/sentence.ts'
import { isQuestionWord } from '../language/words.ts'
import type { Command } from '../understanding/command.ts'
import { clausePairs, lastClause } from './clauses.ts'
import type { Mentions } from './mentions.ts'
import type { Mind } from './mind.ts'

/** Below this share of explained words a sentence is not taken for a command; being shown too much harms less. Set by the evaluation. */
const enough = 0.64
const isEnough = ({ score }: Reading): boolean => score >= enough
/** Above this it is close enough to ask whether it was meant. */
const near = 0.5

export type Understood =
  | {
      readonly kind: 'commands'
      readonly commands: readonly Command[]
      /** Other ways to understand the message, the likelier first: taken where what the first speaks of is not to be found. */
      readonly others: readonly Command[]
    }
  | { readonly kind: 'notOffered'; readonly reading: Reading; readonly locale: Locale }
  | { readonly kind: 'unclear'; readonly readings: readonly Reading[]; readonly locale: Locale }

/** The commands in a message: one, or two where each part is clear by itself. */
export function understand(mind: Mind, text: string, otherwise: Locale, mentions: Mentions): Understood {
  const whole = best(mind, text, otherwise, mentions)
  const about = withNameBefore(mind, text, otherwise, mentions, whole.reading)
  if (about) return { kind: 'commands', commands: [about], others: [] }
  const parted = part(mind, text, otherwise, mentions, whole.reading)
  if (parted)
    return {
      kind: 'commands',
      commands: parted.map((reading) => fill(mind.brain, reading, mind.surroundings)),
      others: [],
    }
  const { reading, locale, others } = whole
  if (!reading || !isEnough(reading))
    return { kind: 'unclear', readings: others.filter((each) => each.score >= near), locale }
  if (!mind.offered(reading.skill.card.name)) return { kind: 'notOffered', reading, locale }
  const likely = others
    .filter((other) => other !== reading && mayStandFor(other, reading))
    .slice(0, mostOthers)
  const [command, ...rest] = [reading, ...likely].map((each) => fill(mind.brain, each, mind.surroundings))
  return { kind: 'commands', commands: [command as Command], others: rest }
}

const mostOthers = 3
/** How much less likely another understanding may be to be tried when nothing has the name that the first one read. */
const fartherThan = 0.2

/** Nothing is removed for a name that was meant for something else. */
const mayStandFor = (other: Reading, reading: Reading): boolean =>
  other.score >= Math.max(near, reading.score - fartherThan) &&
  (other.skill.card.effect !== 'destroy' || reading.skill.card.effect === 'destroy') &&
  (reading.skill.card.effect !== 'read' || other.skill.card.effect === 'read')

interface Best {
  readonly reading: Reading | undefined
  readonly others: readonly Reading[]
  readonly locale: Locale
}

/** What is offered goes before what is not, unless the latter fits clearly better. */
function best(mind: Mind, text: string, otherwise: Locale, mentions: Mentions): Best {
  const { brain, offered, surroundings } = mind
  const anything = interpret(brain, text, () => true, surroundings, otherwise)
  const ranked = rankByFocus(mind, anything.readings, mentions)
  const [top] = ranked
  const { locale } = anything.sentence
  if (!top || offered(top.skill.card.name))
    return { reading: top, others: ranked.filter((each) => offered(each.skill.card.name)), locale }
  const possible = rankByFocus(
    mind,
    interpret(brain, text, offered, surroundings, otherwise).readings,
    mentions,
  )
  const clearlyOther = isEnough(top) && top.score > (possible[0]?.score ?? 0) + 0.08
  return { reading: clearlyOther ? top : possible[0], others: possible, locale }
}

const focusBonus = 0.06
const noFocus = 0.12

/** "slet den": the kind of thing last spoken of decides between operations that are asked for in the same words. */
function rankByFocus({ brain }: Mind, readings: readonly Reading[], { things, list }: Mentions): Reading[] {
  const adjust = (reading: Reading): number => {
    const pointing = reading.alignment.slots.find(
      ({ field, first, last }) =>
        field.type === 'reference' &&
        ['focus', 'ordinal'].includes(
          readReference(spanText(reading.sentence, first, last), field, brain.nouns).kind,
        ),
    )
    if (!pointing) return 0
    const place = readReference(
      spanText(reading.sentence, pointing.first, pointing.last),
      pointing.field,
      brain.nouns,
    )
    if (place.kind === 'ordinal') return list[0]?.resource === pointing.field.refers ? focusBonus : -noFocus
    const at = things.findIndex((thing) => thing.resource === pointing.field.refers)
    if (at < 0) return list.length > 1 && list[0]?.resource === pointing.field.refers ? 0 : -noFocus
    return at === 0 ? focusBonus : focusBonus / (at + 1)
  }
  return readings
    .map((reading) => ({ ...reading, score: reading.score + adjust(reading) }))
    .sort((left, right) => right.score - left.score)
}

const clear = 0.75
/** How much worse two commands may fit than one: "and" parts more surely than a comma, which may stand in anything. */
const byWord = 0.12
const byComma = 0.02
const people = 'platform.people'

/** "Rasmussen Biler har fået tilbuddet, flyt aftalen til tilbud sendt": whom it is about stands in the clause before. */
function withNameBefore(
  mind: Mind,
  text: string,
  otherwise: Locale,
  mentions: Mentions,
  whole: Reading | undefined,
): Command | undefined {
  const parts = lastClause(mind.brain, text)
  const isQuestion = isQuestionWord(parts?.asked.split(/\s/)[0]?.toLowerCase() ?? '')
  if (!parts || (!isQuestion && isInsideText(whole, parts.name.length))) return undefined
  const { reading } = best(mind, parts.asked, otherwise, mentions)
  if (!reading || reading.score < clear || !mind.offered(reading.skill.card.name)) return undefined
  const command = fill(mind.brain, reading, mind.surroundings)
  const field = reading.skill.fields.find(({ type, required }) => type === 'reference' && required)
  const [given] = (field && command.references[field.name]) ?? []
  if (!field || (given && given.kind !== 'focus')) return undefined
  if (whole && isEnough(whole) && field.refers === people) return undefined
  return {
    ...command,
    references: { ...command.references, [field.name]: [{ kind: 'named', text: parts.name }] },
  }
}

function part(
  mind: Mind,
  text: string,
  otherwise: Locale,
  mentions: Mentions,
  whole: Reading | undefined,
): readonly Reading[] | undefined {
  for (const [left, right] of clausePairs(mind.brain, text)) {
    if (isInsideFreeText(whole, left.length)) continue
    const first = best(mind, left, otherwise, mentions)
    const second = best(mind, right, first.locale, mentions)
    if (!first.reading || !second.reading) continue
    const weaker = Math.min(first.reading.score, second.reading.score)
    const all = [first.reading, second.reading].every(({ skill }) => mind.offered(skill.card.name))
    if (
      all &&
      weaker >= clear &&
      weaker >=
        (whole?.score ?? 0) - (/,\s*$/.test(text.slice(0, text.length - right.length)) ? byComma : byWord)
    )
      return [first.reading, second.reading]
  }
  return undefined
}

/** A reason, a note or a title may hold any clause. */
function isInsideText(whole: Reading | undefined, at: number): boolean {
  if (!whole || !isEnough(whole)) return false
  const { tokens } = whole.sentence
  return whole.alignment.slots.some(({ field, first, last }) => {
    const [start, end] = [tokens[first], tokens[last - 1]]
    const isText = field.type === 'free' || (field.type === 'text' && whole.score > clearly)
    return isText && start !== undefined && end !== undefined && end.end > at && start.start <= end.start
  })
}

const clearly = 1.05

/** After a colon, a note's text may hold anything. */
function isInsideFreeText(whole: Reading | undefined, at: number): boolean {
  if (!whole) return false
  const { tokens } = whole.sentence
  return whole.alignment.slots.some(({ field, first }) => {
    const start = tokens[first]
    return field.type === 'free' && start !== undefined && start.start < at && tokens[first - 1]?.text === ':'
  })
}
