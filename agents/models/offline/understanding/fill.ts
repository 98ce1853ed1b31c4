import type { OfflineBrain } from '../brain.ts'
import { dayIn } from '../entities/moment.ts'
import type { Surroundings } from '../entities/recognize.ts'
import type { Slot } from './align.ts'
import type { Command } from './command.ts'
import { entitiesFor, type Field } from './fields.ts'
import type { Reading } from './interpret.ts'
import {
  fillAfterPrepositions,
  fillPointedAt,
  fillRequiredNames,
  fillSelf,
  fillSpokenOf,
} from './fillNames.ts'
import { fillText, isFilled, take, type Filling } from './filling.ts'
import { spanText, type Placed, type Sentence } from './sentence.ts'
import { asArgument, currencyOf, valueFromEntity, valueFromText } from './values.ts'

/** The arguments of a reading: first what the pattern's slots took, then typed things and phrases left over. */
export function fill(brain: OfflineBrain, reading: Reading, surroundings: Surroundings): Command {
  const { skill, sentence, alignment, score } = reading
  const filling: Filling = {
    brain,
    skill,
    sentence,
    surroundings,
    args: {},
    references: {},
    taken: new Set(),
  }
  for (const slot of alignment.slots) fillSlot(filling, slot)
  fillEntities(filling)
  fillChoices(filling)
  fillStage(filling)
  fillSelf(filling)
  fillAfterPrepositions(filling, alignment.skipped)
  fillRequiredNames(filling, alignment.skipped)
  fillFreeTail(filling, alignment.skipped)
  fillCurrency(filling)
  fillAssumed(filling)
  fillCount(filling)
  fillPointedAt(filling)
  fillSpokenOf(filling)
  return { skill, locale: sentence.locale, args: filling.args, references: filling.references, score }
}

function fillSlot(filling: Filling, { field, first, last }: Slot): void {
  const { sentence } = filling
  if (isFilled(filling, field)) return
  const placed = sentence.entities.find((each) => each.last === last && each.first <= first && each.coreFirst >= first && entitiesFor(field.type).includes(each.entity.type)) // prettier-ignore
  if (placed) return fillEntity(filling, field, placed)
  take(filling, first, last)
  if (field.type === 'choice') return fillChoice(filling, field, first, last)
  if (field.type === 'free') return fillFree(filling, field, first, last)
  fillText(filling, field, spanText(sentence, first, last))
}

function fillEntity(filling: Filling, field: Field, placed: Placed): void {
  const { entity, first, last } = placed
  const value = valueFromEntity(field, entity, filling.surroundings)
  if (value === undefined) return
  filling.args[field.name] = asArgument(field, value)
  const currency = currencyOf(entity)
  if (currency && filling.skill.fields.some((each) => each.name === 'currency'))
    filling.args['currency'] = currency
  fillOtherEnd(filling, field, placed)
  take(filling, first, last)
}

const lower = /(?:after|since|from)$/i
const upper = /(?:before|until|to)$/i
const ends: Readonly<Record<string, string>> = { After: 'Before', Before: 'After', after: 'before', before: 'after', from: 'to', to: 'from' } // prettier-ignore

/** "Lukker i december", "due next week": a period that is not begun, or is over, narrows a list from both sides. */
function fillOtherEnd(filling: Filling, field: Field, { entity, first }: Placed): void {
  if (entity.type !== 'moment' || entity.value.to - entity.value.from <= 1) return
  const { skill, sentence, surroundings, args } = filling
  const beside = sentence.tokens.slice(Math.max(0, first - 1), first + 1).map(({ word }) => word)
  const other = skill.fields.find(({ name }) => name === field.name.replace(/(?:After|Before|after|before|from|to)$/, (end) => ends[end] as string)) // prettier-ignore
  if (!other || other === field || isFilled(filling, other) || beside.some((word) => side.test(word))) return
  const today = dayIn(surroundings.timeZone, surroundings.now)
  if (
    entity.value.from <= today &&
    entity.value.to > today &&
    field.tense !== 'past' &&
    upper.test(field.name)
  )
    return
  if (entity.value.to > today && lower.test(field.name) && field.tense === 'past') return
  args[other.name] = asArgument(other, valueFromEntity(other, entity, surroundings))
}

const side = /^(?:foer|inden|senest|efter|siden|fra|before|by|until|after|since|from|til)$/

/** A free text keeps all that was written; a day at its end also says when, where the operation asks for a day. */
function fillFree(filling: Filling, field: Field, first: number, last: number): void {
  const { sentence, args } = filling
  const isTail = sentence.tokens.slice(last).every((token) => token.mark)
  const dated = isTail ? closingDay(filling, first) : undefined
  const end = dated ? dated.first : last
  if (dated) fillEntity(filling, dateField(filling) as Field, dated)
  const start = sentence.tokens[first]?.start ?? 0
  const text = isTail && !dated ? sentence.text.slice(start) : spanText(sentence, first, end)
  args[field.name] = asArgument(field, tidy(text))
}

const tidy = (text: string): string =>
  valueFromText({ type: 'free' } as Field, text.replace(/^\s*(?:om at|om|about|that)\s+/iu, '')).replace(
    /[\s,]+$/,
    '',
  )

const dateField = (filling: Filling): Field | undefined =>
  filling.skill.fields.find(
    (field) =>
      (field.type === 'date' || field.type === 'dateTime') &&
      !isFilled(filling, field) &&
      field.tense !== 'past',
  )

function closingDay(filling: Filling, first: number): Placed | undefined {
  if (!dateField(filling)) return undefined
  const { tokens, entities } = filling.sentence
  return entities.find(
    (placed) =>
      placed.entity.type === 'moment' &&
      placed.first > first &&
      tokens.slice(placed.last).every((token) => token.mark),
  )
}

function fillEntities(filling: Filling): void {
  for (const placed of filling.sentence.entities) {
    if (filling.taken.has(placed.coreFirst)) continue
    const field = fieldFor(filling, placed)
    if (field) fillEntity(filling, field, placed)
  }
}

function fieldFor(filling: Filling, placed: Placed): Field | undefined {
  const open = filling.skill.fields.filter(
    (field) =>
      !isFilled(filling, field) &&
      entitiesFor(field.type).includes(placed.entity.type) &&
      !(placed.entity.type === 'number' || (placed.entity.type === 'duration' && field.type === 'number')),
  )
  const exact = open.filter((field) => entitiesFor(field.type)[0] === placed.entity.type)
  const fitting = exact.length > 0 ? exact : open
  return fitting.length > 1 ? (bySide(filling.sentence, placed, fitting) ?? fitting[0]) : fitting[0]
}

/** "før fredag" is an upper bound, "efter" and "siden" a lower one. */
function bySide(
  { tokens }: Sentence,
  { first, coreFirst }: Placed,
  fields: readonly Field[],
): Field | undefined {
  const near = tokens.slice(Math.max(0, first - 1), coreFirst).map((token) => token.word)
  if (near.some((word) => /^(?:efter|siden|fra|after|since|from)$/.test(word))) return fields.find((field) => /(?:after|since|from)$/i.test(field.name)) // prettier-ignore
  return (
    fields.find((field) => field.required) ?? fields.find((field) => /(?:before|until|to)$/i.test(field.name))
  )
}

function fillChoices(filling: Filling): void {
  const { skill } = filling
  for (const field of skill.fields) {
    if (field.type !== 'choice' || isFilled(filling, field)) continue
    const longestFirst = [...field.choices].sort((left, right) => right.stems.length - left.stems.length)
    for (const { stems, value } of longestFirst) {
      if (!isSaid(filling, stems)) continue
      filling.args[field.name] = asArgument(field, value)
      break
    }
  }
}

/** "sendt tilbud", "a proposal sent": a stage that is said in more words than one, in any order. */
function fillStage(filling: Filling): void {
  const { skill, sentence, taken, args } = filling
  const field = skill.fields.find(({ type }) => type === 'stage')
  if (!field || isFilled(filling, field) || skill.verb === 'create') return
  const said = new Set(sentence.tokens.filter((_, index) => !taken.has(index)).map((token) => token.stem))
  const stage = field.choices.find(({ stems }) => stems.length > 1 && stems.every((each) => said.has(each)))
  if (stage) args[field.name] = stage.value
}

/** Most words that may stand between those of a choice: "spring dem over" for "spring over". */
const mostBetween = 2

/** Whether the stems stand in the sentence in their order, near each other, where nothing else has taken them. */
function isSaid({ sentence, taken }: Filling, [first, ...rest]: readonly string[]): boolean {
  const { tokens } = sentence
  const isFree = (index: number, stemmed: string): boolean =>
    tokens[index]?.stem === stemmed && !taken.has(index)
  const follow = (at: number, left: readonly string[]): boolean => {
    const [next, ...others] = left
    if (next === undefined) return true
    for (let index = at + 1; index <= at + 1 + mostBetween; index++)
      if (isFree(index, next)) return follow(index, others)
    return false
  }
  return first !== undefined && tokens.some((_, index) => isFree(index, first) && follow(index, rest))
}

function fillChoice({ args, sentence }: Filling, field: Field, first: number, last: number): void {
  const stems = sentence.tokens.slice(first, last).map((token) => token.stem)
  const choice = field.choices.find((each) => each.stems.join(' ') === stems.join(' '))
  if (choice) args[field.name] = asArgument(field, choice.value)
}

/** "… om prisen", "…: hun vil ringes op": the rest of the sentence, for a free text still open. */
function fillFreeTail(filling: Filling, skipped: readonly number[]): void {
  const { skill, sentence, args } = filling
  const field = skill.fields.find((each) => each.type === 'free' && !isFilled(filling, each))
  if (!field) return
  const from = skipped.find((token) => !filling.taken.has(token) && /^(?:om|about|at|that|re|:|–|-)$/.test(sentence.tokens[token]?.word ?? '')) // prettier-ignore
  const start = from === undefined ? undefined : sentence.tokens[from + 1]?.start
  if (start !== undefined && from !== undefined && !filling.taken.has(from + 1))
    args[field.name] = tidy(sentence.text.slice(start))
}

/** "Vis mine opgaver" means open ones; "alle" and a name mean any. */
function fillAssumed(filling: Filling): void {
  const { skill, sentence, args } = filling
  if (
    skill.verb !== 'list' ||
    'q' in args ||
    sentence.tokens.some(({ word }) => /^(?:alle|all|every)$/.test(word))
  )
    return
  for (const field of skill.fields)
    if (field.assumed !== undefined && !isFilled(filling, field)) args[field.name] = field.assumed
}

const howMany = /(?<!\S)(?:hvor mange|how many|antal(?:let)?|number of|tael|count)(?!\S)/

/** "Hvor mange kontakter har vi?" wants the number of all, and not of those on a page. */
function fillCount({ skill, sentence, args }: Filling): void {
  const field = skill.fields.find(({ type }) => type === 'count')
  if (field && howMany.test(sentence.tokens.map(({ word }) => word).join(' '))) args[field.name] = true
}

/** An amount without a currency is in kroner where the operation must know. */
function fillCurrency({ skill, args }: Filling): void {
  const currency = skill.fields.find((field) => field.name === 'currency')
  const amount = skill.fields.some((field) => field.type === 'money' && field.name in args)
  if (currency?.required && amount && !('currency' in args)) args['currency'] = 'DKK'
}
