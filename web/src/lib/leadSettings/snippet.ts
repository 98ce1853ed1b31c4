import type { FormField, LeadForm } from './types.ts'

/** Where outsiders reach a form: its own page, and the address that a page of the company sends to. */
export const pageOf = ({ publicKey }: LeadForm, origin: string): string => `${origin}/f/${publicKey}`
export const sendAddressOf = ({ publicKey }: LeadForm, origin: string): string =>
  `${origin}/api/v1/public/leads/forms/${publicKey}/submit`

/** The form for a web page of the company's own, which needs no script. */
export function snippetOf(form: LeadForm, origin: string, words: { send: string }): string {
  return [
    `<form method="post" action="${sendAddressOf(form, origin)}">`,
    ...form.fields.map((field) => `  <label>${escaped(field.label)} ${control(field)}</label>`),
    ...(form.consentText === null
      ? []
      : [`  <label><input type="checkbox" name="consent" value="true" required> ${escaped(form.consentText)}</label>`]),
    '  <input name="website" tabindex="-1" autocomplete="off" hidden>',
    `  <button>${escaped(words.send)}</button>`,
    '</form>',
  ].join('\n') // prettier-ignore
}

function control({ key, kind, required, choices }: FormField): string {
  const own = `name="${key}"${required ? ' required' : ''}`
  if (kind === 'longText') return `<textarea ${own}></textarea>`
  if (kind === 'choice')
    return `<select ${own}><option></option>${choices.map((each) => `<option>${escaped(each)}</option>`).join('')}</select>`
  return `<input ${own}${kind === 'text' ? '' : ` type="${kind === 'phone' ? 'tel' : 'email'}"`}>`
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.codePointAt(0)};`)
