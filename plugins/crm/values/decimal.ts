/** An exact decimal number: `digits` × 10^-`scale`, with its sign in `digits`. */
interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/**
 * Reads a number as Danes or English speakers write it: `12.500,50`, `12,500.50`, `12 500`, `1,5`, `-3`.
 * One separator followed by exactly three digits is a thousands separator (`12.500`, `12,500`), unless a lone
 * zero stands before it (`0,125`). Undefined where the text is no number or its groups are uneven.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const compact = text
    .normalize('NFKC')
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/[\s'’]/g, '')
  const sign = /^([+-]?)([0-9][0-9.,]*)$/.exec(compact)
  if (!sign?.[2] || compact.length > 40) return undefined
  const parts = wholeAndFraction(sign[2])
  if (!parts) return undefined
  const digits = BigInt(parts.whole + parts.fraction)
  return { digits: sign[1] === '-' ? -digits : digits, scale: parts.fraction.length }
}

/** The number times 10^`places` as an integer, or undefined where that would lose digits. */
export function scaled(value: Decimal, places: number): bigint | undefined {
  if (value.scale <= places) return value.digits * 10n ** BigInt(places - value.scale)
  const divisor = 10n ** BigInt(value.scale - places)
  return value.digits % divisor === 0n ? value.digits / divisor : undefined
}

interface Parts {
  readonly whole: string
  readonly fraction: string
}

function wholeAndFraction(text: string): Parts | undefined {
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','))
  if (last < 0) return { whole: text, fraction: '' }
  if (!isDecimalMark(text, last)) return ungrouped(text, text[last] as string, '')
  const whole = text.slice(0, last)
  const fraction = text.slice(last + 1)
  const grouping = /[.,]/.exec(whole)?.[0]
  return grouping ? ungrouped(whole, grouping, fraction) : { whole, fraction }
}

function isDecimalMark(text: string, index: number): boolean {
  const mark = text[index] as string
  const before = text.slice(0, index)
  if (before.includes(mark)) return false
  if (/[.,]/.test(before)) return true
  return text.length - index - 1 !== 3 || before === '0' || before.length > 3
}

/** Takes the thousands separators out, where each group but the first has three digits. */
function ungrouped(whole: string, separator: string, fraction: string): Parts | undefined {
  const [first = '', ...rest] = whole.split(separator)
  const even = /^[0-9]{1,3}$/.test(first) && rest.every((group) => /^[0-9]{3}$/.test(group))
  return even ? { whole: first + rest.join(''), fraction } : undefined
}
