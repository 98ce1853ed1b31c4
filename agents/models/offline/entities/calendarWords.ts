const weekdays = [
  ['mandag', 'monday'],
  ['tirsdag', 'tuesday'],
  ['onsdag', 'wednesday'],
  ['torsdag', 'thursday'],
  ['fredag', 'friday'],
  ['lørdag', 'loerdag', 'saturday'],
  ['søndag', 'soendag', 'sunday'],
]
const months = [
  ['januar', 'january', 'jan'],
  ['februar', 'february', 'feb'],
  ['marts', 'march', 'mar'],
  ['april', 'apr'],
  ['maj', 'may'],
  ['juni', 'june', 'jun'],
  ['juli', 'july', 'jul'],
  ['august', 'aug'],
  ['september', 'sept', 'sep'],
  ['oktober', 'october', 'okt', 'oct'],
  ['november', 'nov'],
  ['december', 'dec'],
]

export const weekdayPattern = weekdays.flat().join('|')
export const monthPattern = months.flat().join('|')

/** 0 is Monday. */
export const weekdayNumber = (name: string): number =>
  weekdays.findIndex((names) => names.includes(name.toLowerCase()))
/** 1 is January. */
export const monthNumber = (name: string): number =>
  months.findIndex((names) => names.includes(name.toLowerCase().replace(/\.$/, ''))) + 1

const units = {
  minute: /^(?:min|minut)/i,
  hour: /^(?:time|hour)/i,
  day: /^(?:dag|døgn|day)/i,
  week: /^(?:uge|week)/i,
  month: /^(?:måned|maaned|month|mdr|md)/i,
  year: /^(?:år|aar|year)/i,
} as const

export const unitPattern =
  'minut(?:ter)?|minutes?|min|timer?|hours?|dage?|døgn|days?|uger?|weeks?|måned(?:er)?|mdr|md|maaned(?:er)?|months?|år|aar|years?'

export function unitOf(word: string): keyof typeof units {
  return (Object.keys(units) as (keyof typeof units)[]).find((unit) => units[unit].test(word)) ?? 'day'
}
