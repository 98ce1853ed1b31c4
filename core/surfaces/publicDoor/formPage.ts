import type { Fault } from '../../errors.ts'
import type { Locale } from '../../language.ts'
import type { PublicForm } from '../../operations/publicForm.ts'
import { escaped } from './escaped.ts'

const words = {
  da: {
    send: 'Send',
    optional: 'valgfrit',
    choose: 'Vælg …',
    thanks: 'Tak',
    received: 'Vi har modtaget det, du har sendt.',
    problem: 'Det blev ikke sendt',
    gone: 'Formularen er her ikke',
    goneHint: 'Adressen er måske forkert, eller formularen er lukket.',
    trap: 'Lad dette felt stå tomt',
  },
  en: {
    send: 'Send',
    optional: 'optional',
    choose: 'Choose …',
    thanks: 'Thank you',
    received: 'We have received what you sent.',
    problem: 'It was not sent',
    gone: 'The form is not here',
    goneHint: 'The address may be wrong, or the form is closed.',
    trap: 'Leave this field empty',
  },
} as const

interface Filled {
  /** What the visitor wrote, where it is to be mended. */
  readonly values: Readonly<Record<string, string>>
  readonly problem?: string
}

/** The form as a page that works without a script; everything of the company's and the visitor's is text. */
export function formPage(form: PublicForm, { values, problem }: Filled): string {
  const { send, problem: heading, trap } = words[form.language]
  const fields = form.fields.map((field) => fieldRow(form.language, field, values[field.key] ?? ''))
  return document(
    form.language,
    form.name,
    `${head(form)}
${problem === undefined ? '' : `<div class="problem" role="alert"><strong>${heading}</strong><p>${escaped(problem)}</p></div>`}
<form method="post">
${fields.join('\n')}
${form.consentText === null ? '' : consentRow(form.consentText, values['consent'] === 'true')}
<div class="trap" aria-hidden="true"><label for="website">${trap}</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
<input type="hidden" name="ticket" value="${escaped(form.ticket)}">
${form.proofBits === null ? '' : `<input type="hidden" name="proof" data-bits="${form.proofBits}"><script type="module" src="/f/proof.js"></script>`}
<button>${send}</button>
</form>`,
  )
}

export function thanksPage(form: PublicForm): string {
  const { thanks, received } = words[form.language]
  const said = `<p class="company">${escaped(form.company)}</p><h1>${thanks}</h1><p class="intro">${escaped(form.thanksText ?? received)}</p>`
  return document(form.language, thanks, said)
}

export function refusalPage(refusal: Fault, locale: Locale): string {
  const { gone, goneHint } = words[locale]
  const isGone = refusal.status === 404
  const [heading, hint] = isGone
    ? [gone, goneHint]
    : [words[locale].problem, escaped(refusal.sentence(locale))]
  return document(locale, heading, `<h1>${heading}</h1><p class="intro">${hint}</p>`)
}

function head({ company, name, intro }: PublicForm): string {
  const said = intro === null ? '' : `<p class="intro">${escaped(intro)}</p>`
  return `<p class="company">${escaped(company)}</p><h1>${escaped(name)}</h1>${said}`
}

type Field = PublicForm['fields'][number]

function fieldRow(language: Locale, field: Field, value: string): string {
  const note = field.required ? '' : ` <span class="optional">${words[language].optional}</span>`
  const label = `<label for="f-${field.key}">${escaped(field.label)}${note}</label>`
  return `<div class="field">${label}${control(language, field, value)}</div>`
}

/** What a browser can fill in by itself (HTML, autofill). */
const autofill: Readonly<Record<string, string>> = { name: 'name', email: 'email', phone: 'tel', companyName: 'organization', title: 'organization-title', city: 'address-level2' } // prettier-ignore
const inputTypes = { text: 'text', email: 'email', phone: 'tel' } as const

function control(language: Locale, { key, kind, required, choices }: Field, value: string): string {
  const own = `id="f-${key}" name="${key}"${required ? ' required' : ''}`
  if (kind === 'longText') return `<textarea ${own} rows="5" maxlength="5000">${escaped(value)}</textarea>`
  if (kind === 'choice') {
    const options = choices.map((choice) => `<option${choice === value ? ' selected' : ''}>${escaped(choice)}</option>`) // prettier-ignore
    return `<select ${own}><option value="">${words[language].choose}</option>${options.join('')}</select>`
  }
  const fill = autofill[key] === undefined ? '' : ` autocomplete="${autofill[key]}"`
  return `<input ${own} type="${inputTypes[kind]}" maxlength="200" value="${escaped(value)}"${fill}>`
}

const consentRow = (text: string, isTicked: boolean): string =>
  `<div class="consent"><input id="f-consent" type="checkbox" name="consent" value="true" required${isTicked ? ' checked' : ''}><label for="f-consent">${escaped(text)}</label></div>`

const document = (language: Locale, title: string, body: string): string => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><link rel="stylesheet" href="/f/form.css"></head>
<body><main>${body}</main></body>
</html>`
