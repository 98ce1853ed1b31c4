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
    onward: 'Gå videre',
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
    onward: 'Go on',
    problem: 'It was not sent',
    gone: 'The form is not here',
    goneHint: 'The address may be wrong, or the form is closed.',
    trap: 'Leave this field empty',
  },
} as const

/** What was written and could not be taken as it is. */
export interface Mending {
  readonly values: Readonly<Record<string, string>>
  /** One sentence. */
  readonly problem: string
  /** The label of the field that is to blame, if one is. */
  readonly wrong: unknown
}

/** The form as a page that works without a script; everything of the company's and the visitor's is text. */
export function formPage(form: PublicForm, mending?: Mending): string {
  const { send, problem, trap } = words[form.language]
  const title = mending ? `${problem} – ${form.name}` : form.name
  const values = mending?.values ?? {}
  return document(
    form.language,
    title,
    `${head(form)}
${mending ? problemBox(problem, mending.problem) : ''}
<form method="post">
${form.fields.map((field) => fieldRow(form.language, field, { value: values[field.key] ?? '', isWrong: field.label === mending?.wrong })).join('\n')}
${consentRow(form, values)}
<div class="trap" aria-hidden="true"><label for="website">${trap}</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
${ticketOf(form, values)}
<button>${send}</button>
</form>`,
  ) // prettier-ignore
}

/** Read out, and where the page begins for those who use a keyboard. */
const problemBox = (heading: string, sentence: string): string =>
  `<div id="problem" class="problem" role="alert" tabindex="-1" autofocus><strong>${heading}</strong><p>${escaped(sentence)}</p></div>`

/** Whoever mends a word keeps the ticket: the time that it takes is counted from when the form was opened. */
function ticketOf({ ticket, proofBits }: PublicForm, values: Mending['values']): string {
  const field = `<input type="hidden" name="ticket" value="${escaped(values['ticket'] ?? ticket)}">`
  if (proofBits === null) return field
  return `${field}<input type="hidden" name="proof" data-bits="${proofBits}"><script type="module" src="/f/proof.js"></script>`
}

/** A browser goes on to the company's own page by itself: one that a form led to might not lead on to another in turn. */
export function thanksPage({ language, company, thanksText, thanksUrl }: PublicForm): string {
  const { thanks, received, onward } = words[language]
  const url = thanksUrl === null ? undefined : escaped(thanksUrl)
  const said = `<p class="company">${escaped(company)}</p><h1>${thanks}</h1><p class="intro">${escaped(thanksText ?? received)}</p>`
  if (url === undefined) return document(language, thanks, said)
  const link = `<p class="intro"><a href="${url}">${onward}</a></p>`
  return document(language, thanks, said + link, `<meta http-equiv="refresh" content="0; url=${url}">`)
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

interface Filled {
  readonly value: string
  readonly isWrong: boolean
}

function fieldRow(language: Locale, field: Field, filled: Filled): string {
  const note = field.required ? '' : ` <span class="optional">${words[language].optional}</span>`
  const label = `<label for="f-${field.key}">${escaped(field.label)}${note}</label>`
  return `<div class="field">${label}${control(language, field, filled)}</div>`
}

/** What a browser can fill in by itself (HTML, autofill). */
const autofill: Readonly<Record<string, string>> = { name: 'name', email: 'email', phone: 'tel', companyName: 'organization', title: 'organization-title', city: 'address-level2' } // prettier-ignore
const inputTypes = { text: 'text', email: 'email', phone: 'tel' } as const

function control(language: Locale, { key, kind, required, choices }: Field, filled: Filled): string {
  const { value, isWrong } = filled
  const own = `id="f-${key}" name="${key}"${required ? ' required' : ''}${isWrong ? ' aria-invalid="true" aria-describedby="problem"' : ''}`
  if (kind === 'longText') return `<textarea ${own} rows="5" maxlength="5000">${escaped(value)}</textarea>`
  if (kind === 'choice') {
    const options = choices.map((choice) => `<option${choice === value ? ' selected' : ''}>${escaped(choice)}</option>`) // prettier-ignore
    return `<select ${own}><option value="">${words[language].choose}</option>${options.join('')}</select>`
  }
  const fill = autofill[key] === undefined ? '' : ` autocomplete="${autofill[key]}"`
  return `<input ${own} type="${inputTypes[kind]}" maxlength="200" value="${escaped(value)}"${fill}>`
}

/** A tick holds for the wording that it was set at. */
function consentRow({ consentText, consentVersion }: PublicForm, values: Mending['values']): string {
  if (consentText === null) return ''
  const isTicked = values['consent'] === 'true' && values['consentVersion'] === String(consentVersion)
  const box = `<input id="f-consent" type="checkbox" name="consent" value="true" required${isTicked ? ' checked' : ''}>`
  const shown = `<input type="hidden" name="consentVersion" value="${consentVersion}">`
  return `<div class="consent">${box}<label for="f-consent">${escaped(consentText)}</label>${shown}</div>`
}

const document = (language: Locale, title: string, body: string, more = ''): string => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><link rel="stylesheet" href="/f/form.css">${more}</head>
<body><main>${body}</main></body>
</html>`
