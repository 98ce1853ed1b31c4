import { expect, it } from 'vitest'
import type { EventField } from '#lib/api/types.ts'
import { happenedIn } from './happened.ts'

const field = (path: string, type: EventField['type'], label: string): EventField => ({
  path,
  type,
  label,
  values: type === 'choice' ? [{ value: 'won', label: 'Vundet' }] : [],
  resource: null,
})
const saying = {
  yes: 'Ja',
  no: 'Nej',
  day: (value: string) => `den ${value}`,
  moment: (value: string) => value,
}
const fields = [
  field('id', 'id', 'Aftale'),
  field('title', 'text', 'Titel'),
  field('status', 'choice', 'Status'),
  field('address.city', 'text', 'By'),
  field('closesOn', 'day', 'Lukkes'),
  field('tags', 'list', 'Mærker'),
  field('urgent', 'boolean', 'Haster'),
  field('note', 'text', 'Note'),
]

it('tells what an event said in words, without what nobody can read and what it did not say', () => {
  const payload = {
    id: '019aa000-0000-7000-8000-0000000000aa',
    title: 'Vinduer',
    status: 'won',
    address: { city: 'Aarhus' },
    closesOn: '2026-11-22',
    tags: ['ny', 'stor'],
    urgent: false,
    note: null,
  }
  const said = happenedIn(payload, fields, saying).map(({ label, value }) => [label, value])
  expect(said).toEqual([
    ['Titel', 'Vinduer'],
    ['Status', 'Vundet'],
    ['By', 'Aarhus'],
    ['Lukkes', 'den 2026-11-22'],
    ['Mærker', 'ny, stor'],
    ['Haster', 'Nej'],
  ])
})

it('tells nothing of an event that said nothing known', () => {
  expect(happenedIn(null, fields, saying)).toEqual([])
  expect(happenedIn('words', fields, saying)).toEqual([])
})
