import type { Email, Phone } from '#lib/api/types.ts'

/** One email or phone as a form writes it. */
export type Reach = { value: string; label: string }

const labelOf = (label: string | null | undefined): string => label ?? ''

/** The stored list, the primary one first, with an empty line where there is none. */
export function reachOf(entries: (Email | Phone)[]): Reach[] {
  const ordered = entries.toSorted((one, other) => Number(other.primary ?? false) - Number(one.primary ?? false)) // prettier-ignore
  const lines = ordered.map((entry) => ({
    value: 'address' in entry ? entry.address : entry.number,
    label: labelOf(entry.label),
  }))
  return lines.length > 0 ? lines : [{ value: '', label: '' }]
}

export function emailsOf(lines: Reach[]): Email[] {
  return written(lines).map(({ value, ...rest }) => ({ address: value, ...rest }))
}

export function phonesOf(lines: Reach[]): Phone[] {
  return written(lines).map(({ value, ...rest }) => ({ number: value, ...rest }))
}

/** Lines that say something; the first of them is the primary one. */
function written(lines: Reach[]) {
  return lines
    .map(({ value, label }) => ({ value: value.trim(), label: label.trim() || null }))
    .filter(({ value }) => value !== '')
    .map((line, index) => ({ ...line, primary: index === 0 }))
}
