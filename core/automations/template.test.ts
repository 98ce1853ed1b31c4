import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventType } from '../events/event.ts'
import { operation } from '../operations/operation.ts'
import { fieldsIn } from './payload.ts'
import { filled } from './template.ts'
import { wrongInput } from './wrongInput.ts'

const at = new Date('2026-03-01T23:30:00Z')
const happened = {
  id: '019aa000-0000-7000-8000-000000000001',
  at,
  payload: { id: 'b1', name: 'Havneby', weight: 12, tags: ['a'], note: null, farm: { city: 'Ærø' } },
}

describe('An input is filled from the event', () => {
  test('with the value itself where a reference stands alone, and with its text within a text', () => {
    const template = {
      whole: '{{payload.weight}}',
      list: '{{payload.tags}}',
      text: 'Call {{payload.name}} in {{ payload.farm.city }} ({{payload.weight}})',
      parts: [{ id: '{{payload.id}}' }, 'plain'],
      count: 3,
    }
    expect(filled(template, happened)).toEqual({
      whole: 12,
      list: ['a'],
      text: 'Call Havneby in Ærø (12)',
      parts: [{ id: 'b1' }, 'plain'],
      count: 3,
    })
  })

  test('with the id, time and day of the event, the day as it is in Denmark', () => {
    const template = { id: '{{event.id}}', at: '{{event.at}}', on: '{{event.day}}', due: '{{event.day+30}}' }
    expect(filled(template, happened)).toEqual({
      id: happened.id,
      at: '2026-03-01T23:30:00.000Z',
      on: '2026-03-02',
      due: '2026-04-01',
    })
  })

  test('and what the event has nothing of is left out', () => {
    expect(
      filled({ note: '{{payload.note}}', none: '{{payload.none}}', said: 'x{{payload.none}}' }, happened),
    ).toEqual({
      said: 'x',
    })
  })

  test('without anything of it being read as a reference again', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const hostile = { ...happened, payload: { name: `${name}{{payload.secret}}`, secret: 'secret' } }
        const input = filled({ sole: '{{payload.name}}', said: 'to {{payload.name}}' }, hostile)
        expect(input).toEqual({ sole: `${name}{{payload.secret}}`, said: `to ${name}{{payload.secret}}` })
      }),
    )
  })

  test('and reaches nothing but what the event carries itself', () => {
    const inherited = {
      a: '{{payload.constructor}}',
      b: '{{payload.name.length}}',
      c: '{{payload.__proto__}}',
    }
    expect(filled(inherited, { ...happened, payload: { name: 'x' } })).toEqual({})
  })
})

describe('An input is held against the operation before anything happens', () => {
  const event = eventType({
    name: 'mill.grain.brought',
    version: 1,
    payload: z.object({
      id: z.uuid().meta({ refers: 'mill.sacks' }),
      name: z.string(),
      weight: z.number(),
      tags: z.array(z.string()),
    }),
  })
  const grind = operation({
    name: 'mill.sacks.grind',
    summary: 'Grind a sack',
    effect: 'write',
    input: z.object({
      id: z.uuid().meta({ refers: 'mill.sacks' }),
      farmId: z.uuid().meta({ refers: 'mill.farms' }).nullish(),
      fineness: z.int().min(1).max(5).optional(),
      note: z.string().max(10).optional(),
      stones: z.array(z.object({ number: z.int() })).optional(),
    }),
    output: z.object({}),
    run: () => ({}),
  })
  const wrong = (input: Record<string, unknown>) => wrongInput(grind, input, fieldsIn(event))?.en

  test('and what can fit is taken', () => {
    expect(wrong({ id: '{{payload.id}}', fineness: 3, note: 'a very long {{payload.name}}' })).toBeUndefined()
    expect(wrong({ id: '{{payload.id}}', stones: [{ number: '{{payload.weight}}' }] })).toBeUndefined()
  })

  test('and what cannot is told, with the field', () => {
    expect(wrong({})).toBe('id: is missing.')
    expect(wrong({ id: '{{payload.id}}', fineness: 9 })).toMatch(/^fineness: /)
    expect(wrong({ id: '{{payload.id}}', colour: 'red' })).toMatch(/colour/)
    expect(wrong({ id: '{{payload.id}}', note: 'much too long' })).toMatch(/^note: /)
    expect(wrong({ id: '{{payload.weight}}' })).toMatch(/^id cannot be taken from \{\{payload.weight\}\}/)
    expect(wrong({ id: '{{payload.id}}', farmId: '{{payload.id}}' })).toMatch(/^farmId cannot be taken from/)
    expect(wrong({ id: '{{payload.id}}', fineness: '{{event.day}}' })).toMatch(/^fineness cannot be taken/)
    expect(wrong({ id: '{{payload.sack}}' })).toMatch(/^id: \{\{payload.sack\}\} stands for nothing/)
    expect(wrong({ id: '{{process.env}}' })).toMatch(/stands for nothing/)
    expect(wrong({ id: '{{payload.id+1}}' })).toMatch(/stands for nothing/)
  })
})
