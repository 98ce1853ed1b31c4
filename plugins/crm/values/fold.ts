/**
 * Search folding: text in the form that search compares, the same for “Søren”, “SØREN” and “Søren” in decomposed
 * Unicode. The database folds by the same steps with the same tables (`migrations/001_fold.sql`); a test of search folds any
 * text both ways.
 *
 * Lower case comes from the table below rather than from the language, because PostgreSQL's `lower` depends on the
 * server's collation, and an index built under one would not be found under another.
 */

/** Danish as it is spelled without the letters: å→aa, ø→oe, æ→ae, ä→ae, ö→oe; other marks are dropped. */
export function foldExpanded(text: string): string {
  let folded = lowered(text)
  for (const [letter, spelled] of spelledOut) folded = folded.replaceAll(letter, spelled)
  return withoutMarks(folded)
}

/** Letters without their marks: å→a, ø→o, æ→ae, ä→a, ö→o, é→e. */
export function foldPlain(text: string): string {
  return withoutMarks(lowered(text))
}

/** What is indexed: both forms, separated by a space, or the one where they are equal. */
export function fold(text: string): string {
  const expanded = foldExpanded(text)
  const plain = foldPlain(text)
  return expanded === plain ? expanded : `${expanded} ${plain}`
}

/** Capitals outside ASCII that are left after NFKD has taken the marks off, and their small letters, pairwise. */
export const capitals = 'ØÆÐÞĐĦŁŒŊŦẞΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ'
export const smalls = 'øæðþđħłœŋŧßαβγδεζηθικλμνξοπρστυφχψωσабвгдежзийклмнопрстуфхцчшщъыьэюя'

const smallOf = new Map(
  Array.from(capitals, (letter, index) => [letter, Array.from(smalls)[index] as string]),
)
const capitalPattern = new RegExp(`[A-Z${capitals}]`, 'g')

const lowered = (text: string): string =>
  text.normalize('NFKD').replace(capitalPattern, (letter) => smallOf.get(letter) ?? letter.toLowerCase())

/** In NFKD å is a + ring, ä is a + diaeresis, ö is o + diaeresis. */
const spelledOut = [
  ['a\u030a', 'aa'],
  ['a\u0308', 'ae'],
  ['o\u0308', 'oe'],
  ['ø', 'oe'],
] as const

const withoutMarks = (text: string): string =>
  text
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ß', 'ss')
    .replaceAll('þ', 'th')
    .replace(/[øðđħłŋŧ]/g, (letter) => stroked[letter] as string)
    .replace(/[ \t\n\r\f\v]+/g, ' ')
    .replace(/^ +| +$/g, '')

const stroked: Readonly<Record<string, string>> = { ø: 'o', ð: 'd', đ: 'd', ħ: 'h', ł: 'l', ŋ: 'n', ŧ: 't' }
