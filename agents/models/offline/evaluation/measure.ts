import type { Locale } from '#core'
import type { OfflineBrain } from '../brain.ts'
import type { Mind } from '../planning/mind.ts'
import { understand } from '../planning/understand.ts'
import type { Command, Reference } from '../understanding/command.ts'
import danish from './da.json' with { type: 'json' }
import english from './en.json' with { type: 'json' }

/**
 * A sentence, the operation it asks for (null: none of them) and its arguments, in short: a reference by its words,
 * an email or phone by itself, an instant by its day.
 */
export type Example = readonly [
  text: string,
  operation: string | null,
  args: Readonly<Record<string, unknown>>,
]

export const examples = { da: danish, en: english } as unknown as Readonly<Record<Locale, readonly Example[]>>

export const evaluationMoment = { now: new Date('2026-11-21T09:00:00Z'), timeZone: 'Europe/Copenhagen' }

export interface Measured {
  /** Shares, 0 to 1. */
  readonly operation: number
  readonly args: number
  readonly refused: number
  readonly faults: readonly string[]
}

/** How many sentences of a language are understood: the operation, all its arguments, and what to refuse. */
export function measure(brain: OfflineBrain, locale: Locale): Measured {
  const mind: Mind = { brain, offered: () => true, locale, surroundings: evaluationMoment }
  const faults: string[] = []
  const count = { asked: 0, operation: 0, args: 0, outside: 0, refused: 0 }
  for (const [text, operation, args] of examples[locale]) {
    const command = commandFor(text, mind)
    const found = command?.skill.card.name ?? null
    if (operation === null) count.outside += 1
    else count.asked += 1
    if (found !== operation)
      faults.push(`${text} → ${found} (${command?.score.toFixed(2)}), not ${operation}`)
    else if (operation === null) count.refused += 1
    else {
      count.operation += 1
      const read = inShort(command as Command)
      if (sameArguments(read, args)) count.args += 1
      else faults.push(`${text} → ${JSON.stringify(read)}, not ${JSON.stringify(args)}`)
    }
  }
  return {
    operation: count.operation / count.asked,
    args: count.args / count.asked,
    refused: count.refused / count.outside,
    faults,
  }
}

function commandFor(text: string, mind: Mind): Command | undefined {
  const understood = understand(mind, text, mind.locale, { things: [], list: [] })
  return understood.kind === 'commands' && understood.commands.length === 1
    ? understood.commands[0]
    : undefined
}

function inShort({ args, references }: Command): Record<string, unknown> {
  const read = Object.entries(args).map(([name, value]) => [name, shortValue(value)])
  const pointed = Object.entries(references).map(([name, [reference]]) => [name, shortReference(reference)])
  return Object.fromEntries([...read, ...pointed])
}

function shortValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? shortValue(value[0]) : value.map(shortValue)
  if (typeof value === 'object' && value !== null) return Object.values(value)[0]
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? localDay(value) : value
}

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: evaluationMoment.timeZone, dateStyle: 'short' })
const localDay = (instant: string): string => day.format(new Date(instant))

const shortReference = (reference: Reference | undefined): unknown =>
  reference?.kind === 'named' ? reference.text : reference?.kind === 'self' ? 'mig' : reference?.kind

const sameArguments = (
  read: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): boolean =>
  Object.keys(read).length === Object.keys(wanted).length &&
  Object.entries(wanted).every(([name, value]) => read[name] === value)
