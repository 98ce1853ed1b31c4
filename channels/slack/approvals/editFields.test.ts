import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkView } from '../fake/blockKit/validate.ts'
import { valuesOf, type Answers as Written } from '../fake/viewState.ts'
import { changesIn, type Answers, type EditField } from './editFields.ts'
import { editView } from './editModal.ts'

const field = (given: Partial<EditField> & Pick<EditField, 'name' | 'type'>): EditField => ({
  label: given.name,
  required: false,
  longest: null,
  values: [],
  value: null,
  ...given,
})
const sizes = [
  { value: 'small', label: 'Lille' },
  { value: 'large', label: '' },
]
const fields = [
  field({ name: 'subject', type: 'text', value: 'Tilbud', longest: 200, required: true }),
  field({ name: 'body', type: 'text', value: 'Hej\n\nVenlig hilsen', longest: 20_000 }),
  field({ name: 'count', type: 'number', value: 3 }),
  field({ name: 'price', type: 'money', value: 125_050 }),
  field({ name: 'express', type: 'boolean', value: false }),
  field({ name: 'on', type: 'day', value: '2026-12-01' }),
  field({ name: 'at', type: 'moment', value: '2026-12-01T08:30:15.250Z' }),
  field({ name: 'size', type: 'choice', values: sizes, value: 'small' }),
]

/** What comes back of the modal when somebody has filled these in. */
function filled(asked: readonly EditField[], written: Written = {}): Record<string, unknown> {
  const view = editView({ title: 'Send', fields: asked, fixed: [] }, { id: 'x' }, 'da')
  checkView(view as never, 'modal')
  return changesIn(asked, valuesOf(view as never, written) as Answers)
}

test('a form of every kind of field is one that Slack takes, and untouched it changes nothing', () => {
  expect(filled(fields)).toEqual({})
  expect(filled(fields.map((each) => ({ ...each, value: null })))).toEqual({})
})

test('what is filled in comes as the operation takes it', () => {
  const written = {
    subject: 'Nyt tilbud', body: null, count: '4', price: '99,95', express: ['true'], on: '2026-12-24',
    at: 1_800_000_000, size: 'large',
  } // prettier-ignore
  expect(filled(fields, written)).toEqual({
    subject: 'Nyt tilbud', body: null, count: 4, price: 9_995, express: true, on: '2026-12-24',
    at: '2027-01-15T08:00:00.000Z', size: 'large',
  }) // prettier-ignore
  expect(filled(fields, { count: 'many' })).toEqual({ count: 'many' })
})

test('a text that Slack does not take whole is not in the form, and is not cut', () => {
  const long = field({ name: 'body', type: 'text', value: 'x'.repeat(3_001) })
  expect(JSON.stringify(editView({ title: '', fields: [long], fixed: [] }, { id: 'x' }, 'en'))).toContain('Change it in TekUp') // prettier-ignore
  expect(filled([fields[0]!, long], { subject: 'Nyt' })).toEqual({ subject: 'Nyt' })
})

const texts = fc.string({ maxLength: 3_000, unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r\n', '\r', '\n')) }) // prettier-ignore

test('whatever a text holds, it comes back as it was asked, and with the line ends of a field nothing has changed', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('\n', '\r\n'), (value, lineEnd) => {
      const asked = [field({ name: 'body', type: 'text', value })]
      expect(filled(asked)).toEqual({})
      if (value !== '') expect(filled(asked, { body: value.replace(/\r\n?|\n/g, lineEnd) })).toEqual({})
    }),
  )
})
