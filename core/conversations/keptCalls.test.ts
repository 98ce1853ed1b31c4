import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callsOf, dictionaries, settledCalls, type KeptCalls } from './keptCalls.ts'
import type { CallRecord } from './turn.ts'

const text = fc.string({ unit: 'grapheme' })
const call = fc.record<CallRecord>(
  {
    id: fc.uuid(),
    operation: fc.constantFrom('crm.contacts.get', 'leads.leads.list'),
    title: text,
    input: fc.jsonValue(),
    status: fc.constantFrom('done', 'failed', 'refused', 'waiting'),
    output: fc.jsonValue(),
    summary: fc.oneof(text, fc.constant('long '.repeat(4_000))),
  },
  { requiredKeys: ['id', 'operation', 'title', 'input', 'status'] },
)

function kept(calls: readonly CallRecord[]): KeptCalls {
  const [json, packed] = settledCalls(calls).values as [string, Buffer | null]
  return { calls: JSON.parse(json) as CallRecord[], packed }
}

test('calls are read again as they were kept, whatever they answered', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 4 }), (calls) => {
      const told = JSON.parse(JSON.stringify(calls).replaceAll('\\u0000', '\\ufffd')) as unknown
      expect(callsOf(kept(calls))).toEqual(told)
    }),
  )
})

test('a call that waits for somebody stays legible to PostgreSQL, which tells how it ends', () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 4 }), (calls) => {
      const isLegible = kept(calls).packed === null
      expect(isLegible || calls.every(({ status }) => status !== 'waiting')).toBe(true)
    }),
  )
})

test('what most calls are made of takes few bytes', () => {
  const input = { id: '01a2023d-14a0-77a9-9225-8f7198d06153' }
  const output = { ...input, name: 'Bente Skov', title: 'Indkøber', tags: [], version: 1 }
  const { packed } = kept([
    { id: 'call_1', operation: 'crm.contacts.get', title: 'Vis en kontakt', input, status: 'done', output },
  ])
  expect(packed!.length).toBeLessThan(150)
})

test('a dictionary that calls were packed with stays as it is', () => {
  const hashes = dictionaries.map((words) => createHash('sha256').update(words).digest('hex').slice(0, 16))
  expect(hashes).toEqual(['ed0245c99fceda34'])
})
