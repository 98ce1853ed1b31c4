import type { Locale } from '#core'
import type { Skill } from '../brain.ts'
import { fold } from '../language/fold.ts'
import { stem } from '../language/stem.ts'
import type { Command, Reference } from '../understanding/command.ts'
import { entitiesFor, type Field } from '../understanding/fields.ts'
import { readReference } from '../understanding/names.ts'
import { ordinalIn } from '../understanding/ordinals.ts'
import { isSelf } from '../understanding/pronouns.ts'
import { readSentence, type Sentence } from '../understanding/sentence.ts'
import { asArgument, valueFromEntity, valueFromText } from '../understanding/values.ts'
import { isLookup } from './mentions.ts'
import type { Mind } from './mind.ts'
import type { Step } from './transcript.ts'

/** A message that asks for the last thing again with something in it another, and how plainly it says so. */
export interface FollowUp {
  readonly command: Command
  /** "What about …", "no, I meant …" can be nothing else; "and …" may begin a request of its own. */
  readonly isPlain: boolean
}

const words = (text: string): RegExp => new RegExp(`^(?:${text})(?![\\p{L}\\d])[\\s,:]*`, 'iu')
/** What such messages begin with; each may follow another: "nej undskyld, det var …". */
const leads = {
  again: words('(?:og )?hvad (?:så )?(?:med|hvis)|(?:and )?(?:what|how) about|(?:og )?hvad så med'),
  correction: words("jeg mente|jeg mener|i meant?|det (?:var|er|skulle være|skal være)|it was|it is|it's|make that|rettelse"),
  no: words('nej|no|næh|undskyld|sorry|ups|oops|vent|wait|forkert|wrong|rather|hellere'),
  more: words('og|and|samt|also|også|kun|only|just|bare'),
} as const // prettier-ignore
const trailing = /[\s,]*(?:i stedet(?: for)?|instead|tak|thanks|please|altså|så|then)?[\s?.!]*$/iu
const longest = 9

/** The last call with what the message says put in its place; undefined where it says nothing of the kind. */
export function followUp(
  text: string,
  locale: Locale,
  previous: readonly Step[],
  mind: Mind,
): FollowUp | undefined {
  const { rest, lead } = withoutLead(text)
  const last = previous.findLast((step) => !isLookup(step.args) && step.outcome?.ok)
  const skill = last && mind.brain.byTool.get(last.tool)
  if (!last || !skill || rest === '' || rest.split(/\s+/).length > longest) return undefined
  const corrects = lead.has('no') || lead.has('correction')
  if (skill.card.effect === 'destroy' || (skill.card.effect !== 'read' && !corrects)) return undefined
  const { brain, surroundings } = mind
  const sentence = readSentence(rest, brain.vocabulary, brain.nouns.has, surroundings, locale)
  const command = corrected(skill, last, sentence, mind, locale)
  const isPlain =
    lead.has('again') || (lead.has('correction') && (lead.has('no') || /^(?:jeg|i|make)\b/iu.test(text)))
  if (!command || !mind.offered(command.skill.card.name)) return undefined
  return lead.size > 0 || isBare(sentence, skill) ? { command, isPlain } : undefined
}

function withoutLead(text: string): { rest: string; lead: ReadonlySet<keyof typeof leads> } {
  const lead = new Set<keyof typeof leads>()
  let rest = text.trim()
  for (let cut = true; cut;) {
    cut = false
    for (const [name, pattern] of Object.entries(leads) as [keyof typeof leads, RegExp][]) {
      const shorter = rest.replace(pattern, '')
      if (shorter === rest) continue
      lead.add(name)
      rest = shorter
      cut = true
    }
  }
  return { rest: rest.replace(trailing, ''), lead }
}

/** "Hotel Bæk?" after a question: a name and nothing else. */
const isBare = ({ tokens }: Sentence, { card }: Skill): boolean =>
  card.effect === 'read' && tokens.length <= 4 && tokens.every(({ capital, mark }) => capital || mark)

/** One argument, or what it points to, as the message gives it. */
type Given = readonly [Field, { readonly value: unknown } | { readonly points: Reference }]

function corrected(
  skill: Skill,
  last: Step,
  sentence: Sentence,
  mind: Mind,
  locale: Locale,
): Command | undefined {
  const given = givenIn(sentence, skill, last.args, mind)
  if (!given) return undefined
  const made = last.outcome?.ok ? (last.outcome.output as { id?: unknown } | null)?.id : undefined
  const update = skill.verb === 'create' ? mind.brain.skills.get(`${skill.resource}.update`) : undefined
  const same = update?.fields.find(({ name }) => name === given[0].name)
  if (update && same && typeof made === 'string')
    return put({ skill: update, locale, args: {}, references: { id: [{ kind: 'id', id: made }] }, score: 1 }, [same, given[1]]) // prettier-ignore
  return put({ skill, locale, args: without(last.args, given[0], skill), references: {}, score: 1 }, given)
}

const put = (command: Command, [{ name }, given]: Given): Command =>
  'value' in given
    ? { ...command, args: { ...command.args, [name]: given.value } }
    : { ...command, references: { ...command.references, [name]: [given.points] } }

const paging = new Set(['cursor', 'limit', 'version'])

/** A list is in one state at a time: who asks for the won ones no longer means those in negotiation. */
function without(args: Step['args'], field: Field, { fields, card }: Skill): Record<string, unknown> {
  const isState = ({ type }: Field): boolean => type === 'choice' || type === 'stage'
  const states = new Set(
    fields.filter((each) => isState(each) && card.effect === 'read').map(({ name }) => name),
  )
  return Object.fromEntries(
    Object.entries(args).filter(
      ([name]) => name !== field.name && !paging.has(name) && !(isState(field) && states.has(name)),
    ),
  )
}

function givenIn(sentence: Sentence, skill: Skill, args: Step['args'], mind: Mind): Given | undefined {
  return (
    self(sentence, skill) ??
    ordinal(sentence, skill) ??
    entity(sentence, skill, args, mind) ??
    choice(sentence, skill, args) ??
    named(sentence, skill, args, mind)
  )
}

const people = 'platform.people'

function self({ tokens }: Sentence, { fields }: Skill): Given | undefined {
  const field = fields.find(({ refers }) => refers === people)
  const head = tokens.find(({ word }) => !/^(?:til|for|to|by|my|mine)$/.test(word) || word === 'mine')
  return field && head && isSelf(head.word) ? [field, { points: { kind: 'self' } }] : undefined
}

function ordinal({ text }: Sentence, { fields, resource }: Skill): Given | undefined {
  const place = ordinalIn(fold(text))
  const field = fields.find(({ refers, required }) => required && refers === resource)
  return field && place !== undefined ? [field, { points: { kind: 'ordinal', place } }] : undefined
}

function entity(
  { entities }: Sentence,
  { fields }: Skill,
  args: Step['args'],
  { surroundings }: Mind,
): Given | undefined {
  for (const placed of entities) {
    const fitting = fields.filter(({ type }) => entitiesFor(type).includes(placed.entity.type))
    const field = fitting.find(({ name }) => name in args) ?? fitting[0]
    const value = field && valueFromEntity(field, placed.entity, surroundings)
    if (field && value !== undefined) return [field, { value: asArgument(field, value) }]
  }
  return undefined
}

/** "dem vi har vundet", "those in negotiation", "møde holdt". */
function choice({ tokens, text }: Sentence, { fields, card }: Skill, args: Step['args']): Given | undefined {
  const said = new Set(tokens.map((token) => token.stem))
  const found = fields
    .filter(({ type }) => type === 'choice' || type === 'stage')
    .flatMap((field) => field.choices.map((each) => ({ field, ...each })))
    .filter(({ stems }) => stems.length > 0 && stems.every((each) => said.has(each)))
    .sort((left, right) => right.stems.length - left.stems.length)
  const [best] = found
  if (best?.field.type === 'choice') return [best.field, { value: asArgument(best.field, best.value) }]
  if (best) return [best.field, { value: best.value }]
  const stage = fields.find(({ type, name, required }) => type === 'stage' && required && name in args)
  return stage && card.effect === 'write' ? [stage, { value: valueFromText(stage, text) }] : undefined
}

const leadingSmall =
  /^(?:(?:for|til|hos|i|på|med|af|ved|om|fra|in|at|with|to|on|of|from|den|det|dem|de|the|those|that|som|er|are|is)\s+)+/iu

/** A name stands for what the last call named: first whom it pointed to, then a place, then what was looked for. */
function named(
  { text, tokens }: Sentence,
  { fields, resource }: Skill,
  args: Step['args'],
  { brain }: Mind,
): Given | undefined {
  const name = text.replace(leadingSmall, '').trim()
  if (name === '' || !(tokens.some(({ capital }) => capital) || tokens.length <= 2)) return undefined
  const isColleague = /(?:s|'s)$/iu.test(name) && fields.some(({ refers }) => refers === people)
  const place = /^(?:i|in)\s/iu.test(text)
  const rank = ({ type, refers, name: field }: Field): number =>
    place && type === 'placeName' ? 0 : refers && refers !== people && field in args ? 1 : refers === people && (field in args || isColleague) ? (isColleague && field in args ? 0 : 2) : type === 'placeName' && field in args ? 3 : (type === 'search' || type === 'tag') && field in args ? 4 : refers === resource ? 5 : 9 // prettier-ignore
  const [field] = [...fields].sort((left, right) => rank(left) - rank(right))
  if (!field || rank(field) === 9) return undefined
  if (field.type === 'reference') return [field, { points: readReference(name, field, brain.nouns) }]
  return brain.nouns.has(stem(fold(name)))
    ? undefined
    : [field, { value: asArgument(field, valueFromText(field, name)) }]
}
