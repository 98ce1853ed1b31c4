import type { Locale } from '#core'
import type { Result, Share } from './examine.ts'
import type { Half } from './sets.ts'

/** What the offline model is held to, as shares. */
export const aims = { operation: 0.95, args: 0.9, refused: 0.9 } as const

export interface Row {
  readonly locale: Locale
  readonly half: Half
  readonly result: Result
}

const shareOf = ({ right, of }: Share): number => (of === 0 ? 1 : right / of)
export const sum = (shares: readonly Share[]): Share => ({
  right: shares.reduce((total, { right }) => total + right, 0),
  of: shares.reduce((total, { of }) => total + of, 0),
})

/** Whether every language reaches the aims, over all that was said in it. */
const holds = (rows: readonly Row[]): boolean =>
  rows
    .map(({ locale }) => rows.filter((row) => row.locale === locale).map(({ result }) => result))
    .every((results) =>
      (['operation', 'args', 'refused'] as const).every(
        (kind) => shareOf(sum(results.map((result) => result[kind]))) >= aims[kind],
      ),
    )

/** Whether a run is no good: the offline model below its aims, or figures of another that are partly the offline model's. */
export const failed = (model: string, rows: readonly Row[]): boolean =>
  model === 'offline' ? !holds(rows) : rows.some(({ result }) => result.fellBack.right > 0)

const kinds = ['operation', 'args', 'refused', 'turns', 'fellBack'] as const
const headings = [
  'language',
  'set',
  'operation',
  'all arguments',
  'out of scope refused',
  'turns of conversations',
  'fell back to offline',
]

/** A line for each language and half, and one for everything of each language. */
export function tableOf(rows: readonly Row[]): string[][] {
  const languages = [...new Set(rows.map(({ locale }) => locale))]
  const totals = languages.map((locale): string[] => {
    const own = rows.filter((row) => row.locale === locale).map(({ result }) => result)
    return [locale, 'all', ...kinds.map((kind) => figure(sum(own.map((result) => result[kind]))))]
  })
  const single = rows.map(({ locale, half, result }) => [
    locale,
    half,
    ...kinds.map((kind) => figure(result[kind])),
  ])
  return [headings, ...single, ...totals]
}

export const figure = (share: Share): string => `${(100 * shareOf(share)).toFixed(1)} % of ${share.of}`
