import type { Locale } from '#core'

/** A column of an export: its header in each language, and what stands under it. */
export interface Column<Row> {
  readonly da: string
  readonly en: string
  readonly cell: (row: Row, locale: Locale) => string | number | null
}

/** The header row and a row for each thing, as cells. */
export const tableOf = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  locale: Locale,
): string[][] => [
  columns.map((column) => column[locale]),
  ...rows.map((row) => columns.map(({ cell }) => String(cell(row, locale) ?? ''))),
]

/** Minor units as a spreadsheet of that language reads an amount: `12500,50` in Danish, `12500.50` in English. */
export function decimalAmount(minorUnits: number, currency: string, locale: Locale): string {
  const digits = new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions()
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    minimumFractionDigits: digits.minimumFractionDigits ?? 2,
  }).format(minorUnits / 10 ** (digits.maximumFractionDigits ?? 2))
}

/** The day of an instant, as both languages' spreadsheets read it. */
export const dayOf = (instant: string | null): string => instant?.slice(0, 10) ?? ''
