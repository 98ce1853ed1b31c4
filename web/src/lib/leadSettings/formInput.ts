import { keyOf } from './fieldKey.ts'
import type { FormField, LeadForm } from './types.ts'

/** A form as its editor holds it: lists as lines, nothing as an empty text. */
export type FormDraft = Pick<LeadForm, 'name' | 'language' | 'fields' | 'guard' | 'leastSeconds'> &
  Record<'sourceId' | 'intro' | 'consentText' | 'thanksText' | 'thanksUrl' | 'origins', string>

/** What a form asks for until somebody chooses; the keys are a lead's own. */
const standard = (['name', 'email', 'phone', 'companyName', 'message'] as const).map((key) => ({
  key,
  kind: key === 'message' ? 'longText' : key === 'email' || key === 'phone' ? key : 'text',
  required: key === 'name' || key === 'email',
})) satisfies Omit<FormField, 'label' | 'choices'>[]

export const draftOf = (
  form: LeadForm | undefined,
  labelOf: (key: (typeof standard)[number]['key']) => string,
): FormDraft => ({
  // prettier-ignore
  name: form?.name ?? '',
  language: form?.language ?? 'da',
  fields: form
    ? form.fields.map((field) => ({ ...field, choices: [...field.choices] }))
    : standard.map((field) => ({ ...field, label: labelOf(field.key), choices: [] })),
  guard: form?.guard ?? 'plain',
  leastSeconds: form?.leastSeconds ?? 3,
  sourceId: form?.sourceId ?? '',
  intro: form?.intro ?? '',
  consentText: form?.consentText ?? '',
  thanksText: form?.thanksText ?? '',
  thanksUrl: form?.thanksUrl ?? '',
  origins: form?.origins.join('\n') ?? '',
})

/** What is sent, or nothing while the name, a field's name or the fields are missing. */
export function inputOf(draft: FormDraft): object | undefined {
  const fields = withKeys(draft.fields)
  if (!draft.name.trim() || fields.length === 0 || fields.some(({ label }) => !label)) return undefined
  return {
    ...draft,
    fields,
    origins: lines(draft.origins),
    ...Object.fromEntries(
      (['sourceId', 'intro', 'consentText', 'thanksText', 'thanksUrl'] as const).map((name) => [
        name,
        draft[name].trim() || null,
      ]),
    ),
  }
}

/** A field that is there keeps what it is kept under, whatever it is called now. */
function withKeys(fields: readonly FormField[]): FormField[] {
  const taken = fields.map(({ key }) => key).filter(Boolean)
  return fields.map((field) => {
    const label = field.label.trim()
    const key = field.key || keyOf(label, taken)
    taken.push(key)
    const choices = field.choices.map((each) => each.trim()).filter(Boolean)
    return { ...field, key, label, choices: field.kind === 'choice' ? choices : [] }
  })
}

const lines = (text: string): string[] =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter(Boolean)
