import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Fault } from '../errors.ts'
import type { Locale } from '../language.ts'
import { parseInput } from './input.ts'

const Person = z.strictObject({
  name: z.string().trim().min(1).max(20),
  age: z.int().min(18).max(1200).default(18),
  role: z.enum(['owner', 'employee', 'readOnly']).default('owner'),
  tags: z.array(z.string()).max(1).default([]),
  id: z.uuid().optional(),
  done: z.boolean().optional(),
})

function problem(input: unknown, locale: Locale): unknown {
  try {
    return parseInput({ input: Person }, input, locale)
  } catch (error) {
    return error instanceof Fault ? error.details['problem'] : error
  }
}

describe('what is wrong with a field is said as a person says it', () => {
  test.each([
    [{}, 'name: mangler.', 'name: is missing.'],
    [{ name: ' ' }, 'name: må ikke være tom.', 'name: may not be empty.'],
    [{ name: null }, 'name: skal være tekst.', 'name: must be text.'],
    [{ name: 'x'.repeat(21) }, 'name: må højst have 20 tegn.', 'name: may have at most 20 characters.'],
    [{ name: 'A', age: '20' }, 'age: skal være et tal.', 'age: must be a number.'],
    [{ name: 'A', age: 1.5 }, 'age: skal være et helt tal.', 'age: must be a whole number.'],
    [{ name: 'A', age: 17 }, 'age: skal være mindst 18.', 'age: must be at least 18.'],
    [{ name: 'A', age: 9999 }, 'age: må højst være 1.200.', 'age: may be at most 1,200.'],
    [
      { name: 'A', role: 'boss' },
      'role: skal være owner, employee eller readOnly.',
      'role: must be owner, employee, or readOnly.',
    ],
    [{ name: 'A', tags: {} }, 'tags: skal være en liste.', 'tags: must be a list.'],
    [{ name: 'A', tags: ['a', 'b'] }, 'tags: må højst have 1 element.', 'tags: may have at most 1 item.'],
    [{ name: 'A', done: 'ja' }, 'done: skal være true eller false.', 'done: must be true or false.'],
    [{ name: 'A', id: '1' }, 'id: Ugyldig UUID.', 'id: Invalid UUID.'],
    [[], 'skal være et objekt.', 'must be an object.'],
  ])('%j', (input, da, en) => {
    expect([problem(input, 'da'), problem(input, 'en')]).toEqual([da, en])
  })
})
