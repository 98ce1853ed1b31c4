import { expect, test } from 'vitest'
import { inputOf, newDraft } from './formInput.ts'
import type { FormField } from './types.ts'

const draft = { ...newDraft('en', (key) => key), name: 'Get an offer' }
const field = (label: string, more: Partial<FormField> = {}): FormField => ({ key: '', label, kind: 'text', required: false, choices: [], ...more }) // prettier-ignore
const keysOf = (fields: FormField[]) => (inputOf({ ...draft, fields }) as { fields: FormField[] }).fields.map(({ key }) => key) // prettier-ignore

test('a form that asks for the usual is whole once it has a name', () => {
  expect(inputOf({ ...draft, name: ' ' })).toBeUndefined()
  expect(inputOf(draft)).toMatchObject({ language: 'en', consentText: null, origins: [] })
})

test('no field is kept under what the sending itself says: a trap would catch people', () => {
  expect(keysOf([field('Website'), field('Consent'), field('Page', { key: 'pageCount' })])).toEqual(['website2', 'consent2', 'pageCount']) // prettier-ignore
})

test('a choice has something to choose from, and every field a name', () => {
  const choice = (choices: string[]) => field('Size', { kind: 'choice', choices })
  expect(inputOf({ ...draft, fields: [choice([' ', ''])] })).toBeUndefined()
  expect(inputOf({ ...draft, fields: [choice(['Large ', ''])] })).toMatchObject({ fields: [{ choices: ['Large'] }] }) // prettier-ignore
  expect(inputOf({ ...draft, fields: [field(' ')] })).toBeUndefined()
})
