import { z } from 'zod'
import { Email, Phone, shortText } from '#core'

/** How a person is reached: several addresses and numbers, each with a label, one of them the primary. */

const described = {
  label: shortText(40).nullish(),
  primary: z.boolean().optional(),
}

export const EmailInput = z.strictObject({ address: Email.meta({ kind: 'email' }), ...described })
export const PhoneInput = z.strictObject({ number: Phone.meta({ kind: 'phone' }), ...described })

const stored = { label: z.string().nullable(), primary: z.boolean() }
export const StoredEmail = z.object({ address: z.string(), ...stored })
export const StoredPhone = z.object({ number: z.string().meta({ kind: 'phone' }), ...stored })
export type StoredEmail = z.infer<typeof StoredEmail>
export type StoredPhone = z.infer<typeof StoredPhone>

export const storedEmails = (given: readonly z.infer<typeof EmailInput>[]): StoredEmail[] =>
  arranged(given, ({ address }) => address).map(({ address, label, primary }) => ({
    address,
    label,
    primary,
  }))

export const storedPhones = (given: readonly z.infer<typeof PhoneInput>[]): StoredPhone[] =>
  arranged(given, ({ number }) => number).map(({ number, label, primary }) => ({ number, label, primary }))

interface Given {
  readonly label?: string | null | undefined
  readonly primary?: boolean | undefined
}

/** Each once, the primary one first: the one that says so, else the first. */
function arranged<Entry extends Given>(given: readonly Entry[], key: (entry: Entry) => string) {
  const once = [...new Map(given.toReversed().map((entry) => [key(entry), entry])).values()].toReversed()
  const primary = once.find((entry) => entry.primary) ?? once[0]
  const rest = once.filter((entry) => entry !== primary)
  return (primary ? [primary, ...rest] : []).map((entry) => ({
    ...entry,
    label: entry.label ?? null,
    primary: entry === primary,
  }))
}
