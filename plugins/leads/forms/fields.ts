import { z } from 'zod'
import { Email, Line, longText, Phone, publicFieldKinds, saying, shortText, type Locale } from '#core'
import { leadErrors } from '../errors.ts'
import type { Captured } from '../leads/capture.ts'

/** What a form asks for. Some keys are a lead's own; all others are kept as answers. */
export const FormField = z.strictObject({
  key: z
    .string()
    .refine(
      (key) => /^[a-z][a-zA-Z0-9_]{0,39}$/.test(key),
      saying({
        da: 'en nøgle er bogstaver, tal og understreg og begynder med et lille bogstav',
        en: 'a key is letters, digits and underscores, and begins with a small letter',
      }),
    )
    .meta({ examples: ['name', 'email', 'squareMetres'] }),
  label: shortText(120),
  kind: z.enum(publicFieldKinds).default('text'),
  required: z.boolean().default(false),
  choices: z.array(Line).max(50).default([]),
})
export type FormField = z.output<typeof FormField>

/** What a form asks for until somebody chooses, in the words of its language. */
export const standardFieldsIn = (language: Locale): FormField[] =>
  standardFields.map((field) => ({ ...field, label: language === 'en' ? english[field.key]! : field.label }))

const english: Readonly<Record<string, string>> = {
  name: 'Name',
  email: 'Email',
  phone: 'Phone',
  companyName: 'Company',
  message: 'How can we help?',
}

export const standardFields: readonly FormField[] = [
  { key: 'name', label: 'Navn', kind: 'text', required: true, choices: [] },
  { key: 'email', label: 'E-mail', kind: 'email', required: true, choices: [] },
  { key: 'phone', label: 'Telefon', kind: 'phone', required: false, choices: [] },
  { key: 'companyName', label: 'Firma', kind: 'text', required: false, choices: [] },
  { key: 'message', label: 'Hvad kan vi hjælpe med?', kind: 'longText', required: false, choices: [] },
]

export type Values = Readonly<Record<string, string>>

const ownKeys = new Set(['name', 'email', 'phone', 'companyName', 'title', 'city', 'message'])

/** Reads what was sent as the form asks for it; a fault that the visitor can mend is refused with its field. */
export function readFields(fields: readonly FormField[], sent: Values): Captured {
  for (const field of unaskedIn(sent, fields)) readField(field, sent[field.key]!)
  const read = fields.flatMap((field) => {
    const value = readField(field, sent[field.key] ?? '')
    return value === '' ? [] : [[field.key, value] as const]
  })
  const own = Object.fromEntries(read.filter(([key]) => ownKeys.has(key)))
  const answers = Object.fromEntries(read.filter(([key]) => !ownKeys.has(key)))
  return { ...own, name: own['name'] ?? own['email'] ?? own['phone'] ?? '?', answers }
}

/** What no field asks for is kept as it was sent, so it is held to what can be kept. */
const unaskedIn = (sent: Values, fields: readonly FormField[]): FormField[] =>
  Object.keys(sent)
    .filter((key) => fields.every((field) => field.key !== key))
    .map((key) => ({ key, label: key, kind: 'longText', required: false, choices: [] }))

function readField(field: FormField, sent: string): string {
  const { label, kind, required, choices } = field
  const value = sent.trim()
  if (value === '') return required ? leadErrors.fail('field_missing', { label }) : ''
  if (kind === 'choice' && !choices.includes(value))
    leadErrors.fail('field_wrong', {
      label,
      problem: { da: 'vælg en af mulighederne', en: 'choose one of the options' },
    })
  const parsed = schemaOf(field).safeParse(value)
  if (parsed.success) return parsed.data
  const { message, ...issue } = parsed.error.issues[0]!
  const said = (issue as { params?: { da?: string; en?: string } }).params
  return leadErrors.fail('field_wrong', {
    label,
    problem: { da: said?.da ?? message, en: said?.en ?? message },
  })
}

/** A lead's own fields are what the lead says of them, whatever the form calls them. */
function schemaOf({ key, kind }: FormField): z.ZodType<string> {
  if (key === 'email' || kind === 'email') return Email
  if (key === 'phone' || kind === 'phone') return Phone
  return key === 'message' || kind === 'longText' ? longText(5_000) : Line
}
