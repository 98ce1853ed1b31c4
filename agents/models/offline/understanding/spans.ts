import type { OfflineBrain } from '../brain.ts'
import { isPreposition } from '../language/words.ts'
import { asCalled, asLooks, cutsName, cutsTitle, halfName, isWordy, type Scene } from './calling.ts'
import { entitiesFor, type Field } from './fields.ts'
import { referenceQuality, wordsQuality } from './naming.ts'
import type { SlotPart } from './patterns.ts'
import { isSelf } from './pronouns.ts'
import type { Sentence } from './sentence.ts'
import { standsAlone } from './standing.ts'

/** How well tokens `first` to `last` (exclusive) read as the value of a slot: 0 (not at all) to 1. */
export type SpanQuality = (first: number, last: number) => number

/** The measure for each kind of slot; it remembers, since many patterns ask about the same words. */
export function spanQualities(brain: OfflineBrain, sentence: Sentence): (slot: SlotPart) => SpanQuality {
  const byKind = new Map<string, SpanQuality>()
  return (slot) => {
    let quality = byKind.get(slot.kind)
    if (!quality) byKind.set(slot.kind, (quality = remembered({ brain, sentence }, slot)))
    return quality
  }
}

function remembered(scene: Scene, slot: SlotPart): SpanQuality {
  const width = scene.sentence.tokens.length + 1
  const memory = new Float32Array(width * width).fill(-1)
  return (first, last) => {
    const at = first * width + last
    const known = memory[at] as number
    return known >= 0 ? known : (memory[at] = measure(scene, slot, first, last))
  }
}

const freeText = 0.7

function measure(scene: Scene, { field, demands }: SlotPart, first: number, last: number): number {
  const { sentence } = scene
  if (sentence.tokens[first]?.joined) return 0
  if (field.type === 'free')
    return sentence.tokens[first]?.mark ? 0 : beginsWithWhom(sentence, first) ? 0.2 : freeText
  if (field.type === 'choice') return choiceQuality(sentence, field, first, last)
  if (entitiesFor(field.type).length > 0) return entityQuality(sentence, field, first, last)
  if (field.type === 'opaque') return 0
  const quoted = quotedQuality(sentence, first, last)
  if (quoted !== undefined) return demands ? 0 : quoted
  const span = sentence.tokens.slice(first, last)
  if (demands === 'small' && span.some((token) => token.capital)) return 0
  if (beginsOrEndsIdly(sentence, first, last)) return 0
  if (span.length > longest[isWordy(field) ? 'text' : 'name'] || !standsAlone(span, field, scene)) return 0
  if (field.spoken && !(span.length === 1 && isDomain(scene.brain, span[0]?.word))) return 0
  if (field.type === 'reference' && isEmail(sentence, first, last)) return demands ? 0 : namedByEmail
  if (holdsTyped(sentence, first, last)) return field.type === 'text' ? 0.3 : 0
  const quality =
    field.type === 'reference'
      ? referenceQuality(scene, span, field, demands) * asCalled(scene, first, last, field)
      : wordsQuality(scene, span, field) * (field.type === 'search' ? asCalled(scene, first, last, field) : 1)
  const named = quality * asLooks(scene, span, field)
  return cutsName(scene, first, last) || cutsTitle(scene, field, first, last) ? named * halfName : named
}

const leadsOn = /^(?:that|to|at|om)$/
/** "For Mikkel: check the alarm" is for somebody, and not all of it what is to be done. */
function beginsWithWhom({ tokens }: Sentence, first: number): boolean {
  const [head, next, after] = tokens.slice(first, first + 3)
  if (!head || !next) return false
  if (isSelf(head.word) || isPreposition(head.word)) return true
  return head.capital && (leadsOn.test(next.word) || [next, after].some((token) => token?.text === ':'))
}

/** A part of the product is called by the word that its operations' names begin with. */
const isDomain = ({ skills }: OfflineBrain, word: string | undefined): boolean =>
  word !== undefined && skills.keys().some((name) => name.startsWith(`${word}.`))

/** A filler at an end is no part of a value, unless it is written as a name is. */
const beginsOrEndsIdly = ({ fillers, tokens }: Sentence, first: number, last: number): boolean =>
  [first, last - 1].some((at) => fillers[at] && !tokens[at]?.capital)

const longest = { name: 7, text: 14 }

function choiceQuality({ tokens }: Sentence, { choices }: Field, first: number, last: number): number {
  const stems = tokens.slice(first, last).map((token) => token.stem)
  const fits = choices.some(
    (choice) => choice.stems.length === stems.length && choice.stems.every((each, at) => each === stems[at]),
  )
  return fits ? 1 : 0
}

function entityQuality({ entities }: Sentence, { type }: Field, first: number, last: number): number {
  const types = entitiesFor(type)
  const found = entities.find(
    (placed) =>
      types.includes(placed.entity.type) &&
      first >= placed.first &&
      first <= placed.coreFirst &&
      last === placed.last,
  )
  if (!found) return 0
  return found.entity.type === types[0] || type === 'date' || type === 'dateTime' ? 1 : 0.85
}

/** What stands in quotes is taken whole or not at all. */
function quotedQuality({ entities }: Sentence, first: number, last: number): number | undefined {
  const quoted = entities.find(
    ({ entity, ...placed }) => entity.type === 'quoted' && placed.first < last && placed.last > first,
  )
  if (!quoted) return undefined
  return quoted.first === first && quoted.last === last ? 1 : 0
}

const typed = new Set(['email', 'phone', 'money', 'moment', 'duration', 'cvr', 'url'])

const holdsTyped = ({ entities }: Sentence, first: number, last: number): boolean =>
  entities.some((placed) => typed.has(placed.entity.type) && placed.first < last && placed.last > first)

/** Invitations and colleagues may be called by their email. */
const namedByEmail = 0.8
const isEmail = ({ entities }: Sentence, first: number, last: number): boolean =>
  entities.some(
    (placed) => placed.entity.type === 'email' && placed.coreFirst === first && placed.last === last,
  )
