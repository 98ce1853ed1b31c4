/**
 * An amount as people write it, in minor units: "1.250,50", "1250.5", "1 250 kr." are 125050, 125050 and 125000.
 * Of points and commas the last one with one or two digits after it is the decimal sign. Nothing for what is no amount.
 */
export function parseAmount(text: string): number | undefined {
  const bare = text.replace(/[\s ]|kr\.?|dkk|€|\$/gi, '')
  const found = /^(\d[\d.,]*?)(?:[.,](\d{1,2}))?$/.exec(bare)
  if (!found) return undefined
  const whole = Number(found[1]!.replace(/[.,]/g, ''))
  const minor = whole * 100 + Number((found[2] ?? '').padEnd(2, '0'))
  return Number.isSafeInteger(minor) ? minor : undefined
}

/** Minor units as one would write them in a field. */
export const amountText = (minorUnits: number | null): string =>
  minorUnits === null ? '' : (minorUnits / 100).toFixed(2).replace('.', ',').replace(/,00$/, '')

/** A whole number as people write it: "1.000.000" is a million. Nothing for what is none. */
export function parseCount(text: string): number | undefined {
  const bare = text.replace(/[\s .,]/g, '')
  return /^\d{1,15}$/.test(bare) ? Number(bare) : undefined
}
