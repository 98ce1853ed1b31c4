import { expect, test } from 'vitest'
import { snippetOf } from './snippet.ts'
import type { LeadForm } from './types.ts'

const form = {
  publicKey: 'form_abc',
  consentText: 'Jeg siger "ja" & <b>tak</b>',
  fields: [
    { key: 'email', label: 'E-mail', kind: 'email', required: true, choices: [] },
    { key: 'size', label: 'Størrelse', kind: 'choice', required: false, choices: ['Lille', '<Stor>'] },
  ],
} as unknown as LeadForm

test('a page of the company gets a form that sends to this one, with all words as text', () => {
  const html = snippetOf(form, 'https://tekup.example', { send: 'Send' })
  expect(html).toContain('action="https://tekup.example/api/v1/public/leads/forms/form_abc/submit"')
  expect(html).toContain('<input name="email" required type="email">')
  expect(html).toContain('name="website"')
  expect(html).not.toMatch(/<b>|<Stor>/)
})
