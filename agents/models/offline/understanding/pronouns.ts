/** Words that point back at a person or a thing spoken of. Folded. */
const persons = new Set(
  'hende ham hun han hendes hans her him she he hers his vedkommende personen kunden kontakten'.split(' '),
)
const things = new Set(
  'den det it that this dem them denne dette den der den her that one this one'.split(' '),
)
const self = new Set('mig mit min mine me my mine myself jeg i os us mig selv undertegnede'.split(' '))

const twoWords = new Set([
  'den der',
  'den her',
  'that one',
  'this one',
  'mig selv',
  'den samme',
  'den sidste',
])

export const isPersonPronoun = (words: string): boolean => persons.has(words)
export const isThingPronoun = (words: string): boolean => things.has(words) || twoWords.has(words)
export const isSelf = (words: string): boolean => self.has(words) || words === 'mig selv'
export const isPronoun = (words: string): boolean =>
  isPersonPronoun(words) || isThingPronoun(words) || isSelf(words)
