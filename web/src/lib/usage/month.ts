/** A month as the address has it: 2026-11. */
export type Month = string

/** This month, where the company is. */
export const monthNow = (): Month =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Copenhagen', year: 'numeric', month: '2-digit' }).format(Date.now()).slice(0, 7) // prettier-ignore

export const isMonth = (text: string | null): text is Month => /^20\d\d-(0[1-9]|1[0-2])$/.test(text ?? '')

/** The month so many months later, or earlier. */
export function monthAfter(month: Month, later: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + later, 1)).toISOString().slice(0, 7)
}

/** Its days, as ISO 8601 dates. */
export function daysOf(month: Month): string[] {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`)
}
