import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CallRecord, PastMessage } from '#core'
import { factsOf, withFacts } from './facts.ts'
import { dueForGist, furtherGist, untold, type Gist } from './gist.ts'
import { sumUpPlainly } from './sumUp.ts'

const idOf = (place: number): string => `m${String(place).padStart(6, '0')}`
const message = (place: number, change: Partial<PastMessage> = {}): PastMessage => ({
  id: idOf(place),
  role: place % 2 === 0 ? 'person' : 'agent',
  text: `word ${place}`,
  calls: [],
  ...change,
})
const conversation = (length: number): PastMessage[] => Array.from({ length }, (_, place) => message(place))
const called = (output: unknown, change: Partial<CallRecord> = {}): CallRecord =>
  ({
    id: 'c',
    operation: 'crm.deals.move',
    title: '',
    input: {},
    status: 'done',
    output,
    ...change,
  }) as CallRecord

describe('the gist of a conversation', () => {
  test('is not made while the conversation is short', () => {
    expect(dueForGist(conversation(30), null)).toEqual([])
    expect(dueForGist(conversation(31), null)).toHaveLength(15)
  })

  test('is made earlier when much was written', () => {
    const long = conversation(20).map((each) => ({ ...each, text: 'x'.repeat(3_000) }))
    expect(dueForGist(long, null)).toHaveLength(4)
  })

  test('and the messages after it together hold every message once, however the conversation grows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 12 }), async (steps) => {
        let gist: Gist | null = null
        let length = 0
        for (const step of steps) {
          length += step
          const history = conversation(length).slice(-60)
          const told: string[] = (gist?.text ?? '').split(' ').filter((id) => id !== '')
          expect([...told, ...untold(conversation(length), gist).map(({ id }) => id)]).toEqual(conversation(length).map(({ id }) => id)) // prettier-ignore
          const due = dueForGist(history, gist)
          if (due.length > 0)
            gist = await furtherGist(due, gist, async (messages, before) => [before, ...messages.map(({ id }) => id)].join(' ').trim()) // prettier-ignore
        }
        expect(untold(conversation(length), gist).length).toBeLessThanOrEqual(length <= 30 ? 30 : 55)
      }),
    )
  })

  test('names the things that calls made, changed or found, each once, as it was last called', () => {
    const made = called({ id: 'd1', title: 'Havneby' })
    const moved = called({ id: 'd1', title: 'Havneby, sent' }, { operation: 'crm.deals.move' })
    const found = called({ items: [{ id: 'p1', name: 'Bente Skov' }] }, { operation: 'crm.contacts.list' })
    const many = called({
      items: [
        { id: 'p2', name: 'A' },
        { id: 'p3', name: 'B' },
      ],
    })
    const refused = called({ id: 'd9', title: 'No' }, { status: 'refused' })
    const facts = withFacts(factsOf([message(1, { calls: [made, found] })]), factsOf([message(3, { calls: [moved, many, refused] })])) // prettier-ignore
    expect(facts.map(({ id, label }) => [id, label])).toEqual([
      ['p1', 'Bente Skov'],
      ['d1', 'Havneby, sent'],
    ])
  })

  test('without a model is what was asked and done, the newest lines first to stay', () => {
    const moved = called({}, { summary: 'Moved Havneby to sent.' })
    const text = sumUpPlainly([message(0, { text: 'flyt Havneby' }), message(1, { text: 'Ja.', calls: [moved] })], 'Person: hej') // prettier-ignore
    expect(text).toBe('Person: hej\nPerson: flyt Havneby\nAssistant: Moved Havneby to sent. Ja.')
    const long = sumUpPlainly(conversation(400).map((each) => ({ ...each, text: `${each.id} ${'y'.repeat(500)}` })), '') // prettier-ignore
    expect(long.length).toBeLessThanOrEqual(4_000)
    expect(long).toContain(idOf(399))
    expect(long).not.toContain(idOf(0))
  })
})
