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

/** A form that asks for what most do, in the language of whoever makes it. */
export const newDraft = (
  language: LeadForm['language'],
  labelOf: (key: (typeof standard)[number]['key']) => string,
): FormDraft => ({
  name: '',
  language,
  fields: standard.map((field) => ({ ...field, label: labelOf(field.key), choices: [] })),
  guard: 'plain',
  leastSeconds: 3,
  sourceId: '',
  intro: '',
  consentText: '',
  thanksText: '',
  thanksUrl: '',
  origins: '',
})

export const draftOf = (form: LeadForm): FormDraft => ({
  name: form.name,
  language: form.language,
  fields: form.fields.map((field) => ({ ...field, choices: [...field.choices] })),
  guard: form.guard,
  leastSeconds: form.leastSeconds,
  sourceId: form.sourceId ?? '',
  intro: form.intro ?? '',
  consentText: form.consentText ?? '',
  thanksText: form.thanksText ?? '',
  thanksUrl: form.thanksUrl ?? '',
  origins: form.origins.join('\n'),
})

/** What is sent, or nothing while the name, the fields, the name of one or the choices of one are missing. */
export function inputOf(draft: FormDraft): object | undefined {
  const fields = withKeys(draft.fields)
  if (!draft.name.trim() || fields.length === 0 || !fields.every(isWhole)) return undefined
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

const isWhole = ({ label, kind, choices }: FormField): boolean =>
  label !== '' && (kind !== 'choice' || choices.length > 0)

/** What is sent beside the fields, and the server takes as the key of none. */
export const ownNames = [
  'id',
  'values',
  'consent',
  'consentVersion',
  'page',
  'redirect',
  'website',
  'ticket',
  'proof',
  'visit',
]

/** A field that is there keeps what it is kept under, whatever it is called now. */
function withKeys(fields: readonly FormField[]): FormField[] {
  const taken = [...ownNames, ...fields.map(({ key }) => key).filter(Boolean)]
  return fields.map((field) => {
    const label = field.label.trim()
    const key = field.key || keyOf(label, taken)
    taken.push(key)
    const choices = field.choices.map((each) => each.trim()).filter(Boolean)
    return { ...field, key, label, choices: field.kind === 'choice' ? choices : [] }
  })
}

const lines = (text: string): string[] => text.split(/\s+/).filter(Boolean)
