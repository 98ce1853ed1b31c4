import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventField } from '#lib/api/types.ts'
import { fromWords, knownIn, piecesOf, referencesOf, toWords } from './references.ts'

const words = { daysAfter: (count: number) => `${count} days after`, at: 'Time', id: 'Number' }
const field = (path: string, label: string): EventField => ({ path, label, type: 'text', values: [], resource: null }) // prettier-ignore
const references = referencesOf(
  [field('name', 'Name'), field('owner.name', 'Owner'), field('by', 'Owner')],
  words,
)

it('shows what the event fills in by its name, and keeps it as it was', () => {
  const text = 'Call {{payload.name}} at {{ event.at }}'
  expect(toWords(text, references)).toBe('Call ‹Name› at ‹Time›')
  expect(piecesOf(text, references)).toEqual([
    { text: 'Call ' },
    { written: '{{payload.name}}', label: 'Name' },
    { text: ' at ' },
    { written: '{{ event.at }}', label: 'Time' },
  ])
  expect(fromWords('Call ‹Name› ‹nobody›', references)).toBe('Call {{payload.name}} ‹nobody›')
})

it('tells fields apart that are called the same', () => {
  expect(toWords('{{payload.by}} {{payload.owner.name}}', references)).toBe('‹Owner (by)› ‹Owner (owner.name)›') // prettier-ignore
})

it('knows any number of days', () => {
  const text = '{{event.day+45}}'
  const known = knownIn(text, references, words)
  expect(toWords(text, known)).toBe('‹45 days after›')
  expect(fromWords('‹45 days after›', known)).toBe(text)
})

it('leaves a text that refers to something the event has not as it is', () => {
  for (const text of ['{{payload.gone}}', '{{payload.name', '{{}}', 'no ‹Names› here'])
    expect(fromWords(toWords(text, references), references)).toBe(text)
})

it('gives back every text as it was, whatever stands in it', () => {
  const written = fc.constantFrom(
    '{{payload.name}}',
    '{{payload.by}}',
    '{{event.id}}',
    '{{payload.gone}}',
    '{{',
  )
  const typed = fc.string({ unit: 'grapheme' }).filter((text) => !/[‹›]/.test(text))
  fc.assert(
    fc.property(fc.array(fc.oneof(written, typed)), (parts) => {
      const text = parts.join('')
      expect(fromWords(toWords(text, references), references)).toBe(text)
    }),
  )
})
