import { unitOf, unitPattern } from './calendarWords.ts'
import type { Entity } from './entity.ts'
import { numberFrom, numberPattern } from './numbers.ts'

const lead =
  'i over|i mere end|i mindst|over|mere end|mindst|de sidste|de seneste|sidste|seneste|de næste|de kommende|næste|i|om|for over|for more than|for at least|more than|at least|for|within|the last|the past|last|past|the next|next|in'
const pattern = new RegExp(
  `(?<![\\p{L}\\d])(?<lead>(?:(?:${lead})\\s+)*)(?<amount>${numberPattern})(?<joined>[\\s-]+)(?<unit>${unitPattern})(?<ago>\\s+(?:siden|ago))?(?![\\p{L}\\d])`,
  'giu',
)
const bare =
  /(?<![\p{L}\d])(?<lead>(?:de |den |the )?(?:sidste|seneste|past|last))\s+(?<unit>måned|maaned|uge|år|month|week|year)(?![\p{L}\d])/giu

/** Lengths of time: "over en måned", "45 minutter", "the last 30 days", "two hours". */
export function findDurations(text: string): Entity[] {
  const counted = [...text.matchAll(pattern)].flatMap((match) => {
    const { lead: before = '', amount = '', unit = '', ago } = match.groups ?? {}
    const count = numberFrom(amount)
    return count === undefined ? [] : [entity(match, before, count, unit, ago !== undefined)]
  })
  const single = [...text.matchAll(bare)].map((match) => {
    const { lead: before = '', unit = '' } = match.groups ?? {}
    return entity(match, before, 1, unit, true)
  })
  return [...counted, ...single]
}

function entity(match: RegExpExecArray, before: string, amount: number, unit: string, ago: boolean): Entity {
  const past = ago || /sidste|seneste|last|past/i.test(before)
  const future = /næste|kommende|next|(?:^|\s)(?:om|in)\s*$/i.test(before)
  const direction = past ? 'past' : future ? 'future' : undefined
  return {
    type: 'duration',
    start: match.index,
    core: match.index + before.length,
    end: match.index + match[0].length,
    value: { amount, unit: unitOf(unit), ...(direction && { direction }) },
  }
}
