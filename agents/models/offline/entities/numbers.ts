import { fold } from '../language/fold.ts'

const words: Readonly<Record<string, number>> = {
  en: 1, et: 1, a: 1, an: 1, one: 1, to: 2, two: 2, tre: 3, three: 3, fire: 4, four: 4, fem: 5, five: 5, seks: 6, six: 6,
  syv: 7, seven: 7, otte: 8, eight: 8, ni: 9, nine: 9, ti: 10, ten: 10, elleve: 11, eleven: 11, tolv: 12, twelve: 12,
  tretten: 13, fjorten: 14, fourteen: 14, femten: 15, fifteen: 15, seksten: 16, tyve: 20, twenty: 20, tredive: 30,
  thirty: 30, fyrre: 40, forty: 40, halvtreds: 50, fifty: 50, tres: 60, sixty: 60, halvfjerds: 70, firs: 80,
  halvfems: 90, ninety: 90, hundrede: 100, hundred: 100, halvanden: 1.5, halvandet: 1.5, 'et par': 2, 'a couple of': 2,
  'a few': 3, 'nogle faa': 3, 'et halvt': 0.5, 'half a': 0.5, 'et kvart': 0.25,
} // prettier-ignore

/** A number as a pattern: figures, or one of the words above. */
export const numberPattern =
  '(?:\\d+(?:[.,]\\d+)?|et par|a couple of|a few|et halvt|half a|halvand[ei][nt]|' +
  [
    'en',
    'et',
    'an?',
    'one',
    'to',
    'two',
    'tre',
    'three',
    'fire',
    'four',
    'fem',
    'five',
    'seks',
    'six',
    'syv',
    'seven',
  ]
    .concat([
      'otte',
      'eight',
      'ni',
      'nine',
      'ti',
      'ten',
      'elleve',
      'eleven',
      'tolv',
      'twelve',
      'tretten',
      'fjorten',
    ])
    .concat([
      'fourteen',
      'femten',
      'fifteen',
      'seksten',
      'tyve',
      'twenty',
      'tredive',
      'thirty',
      'fyrre',
      'forty',
    ])
    .concat([
      'halvtreds',
      'fifty',
      'tres',
      'sixty',
      'halvfjerds',
      'firs',
      'halvfems',
      'ninety',
      'hundrede',
      'hundred',
    ])
    .join('|') +
  ')'

/** The number that figures or a number word say. */
export function numberFrom(text: string): number | undefined {
  const folded = fold(text.trim())
  if (folded in words) return words[folded]
  return /^\d/.test(folded) ? readDecimal(folded) : undefined
}

/**
 * Figures as Danes and as the English write them: "12.500,50", "12,500.50", "12 500" and "1,2". One kind of separator
 * before exactly three figures parts thousands; otherwise the last separator is the decimal one.
 */
export function readDecimal(text: string): number | undefined {
  const figures = text.replace(/[\s ']/g, '')
  if (!/^\d+(?:[.,]\d+)*$/.test(figures)) return undefined
  const last = Math.max(figures.lastIndexOf('.'), figures.lastIndexOf(','))
  if (last < 0) return Number(figures)
  const separator = figures[last] as string
  const kinds = new Set(figures.replace(/\d/g, ''))
  const thousands = kinds.size === 1 && /^\d{1,3}(?:[.,]\d{3})+$/.test(figures)
  if (thousands) return Number(figures.replaceAll(separator, ''))
  return Number(`${figures.slice(0, last).replace(/[.,]/g, '')}.${figures.slice(last + 1)}`)
}
