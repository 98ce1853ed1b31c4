import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkBlocks } from '../fake/blockKit/validate.ts'
import type { Approval, Status } from './approval.ts'
import { actions, cardOf } from './card.ts'
import { fallbackOf, recordOf } from './record.ts'

const approval = (change: Partial<Approval> = {}): Approval => ({
  id: '019aa000-0000-7000-8000-000000000001',
  operation: 'crm.deals.move',
  effect: 'write',
  title: 'Flyt en aftale',
  summary: 'Flytter Vinduespudsning til Vundet.',
  fields: [{ name: 'stage', label: 'Fase', value: 'Vundet', before: 'Tilbud', sink: null }],
  changes: [],
  editableFields: [],
  status: 'pending',
  parked: false,
  outcome: null,
  deciders: 'permitted',
  personId: '019aa000-0000-7000-8000-000000000002',
  personName: 'Anna Nordlys',
  agentName: 'TekUp',
  untrusted: false,
  alwaysFields: ['id'],
  decidedByName: null,
  decidedAt: null,
  expiresAt: '2026-11-23T08:00:00+01:00',
  ...change,
})

type Button = { action_id?: string; text: { text: string }; style?: string; confirm?: object; value?: string }
const buttonsOf = (given: Approval) =>
  cardOf(given, 'da', 'https://tekup.example').flatMap((block) =>
    block.type === 'actions' ? (block.elements as Button[]) : [],
  )
const named = (given: Approval) => buttonsOf(given).map(({ action_id }) => action_id)

describe('a card', () => {
  test('says what would be done first, then exactly how, with what stands there now', () => {
    const [first] = cardOf(approval(), 'da', 'https://tekup.example')
    expect(JSON.stringify(first)).toContain('Flytter Vinduespudsning til Vundet.')
    const lines = (first as { elements: { elements: { text: string; style?: object }[] }[] }).elements
    expect(lines[0]!.elements[0]).toMatchObject({ text: 'Flytter Vinduespudsning til Vundet.', style: { bold: true } }) // prettier-ignore
    expect(lines[1]!.elements.map(({ text }) => text)).toEqual(['Fase: ', 'Tilbud', ' → ', 'Vundet'])
  })

  test('has a button to change it where something of it can be changed', () => {
    const given = approval({ editableFields: ['stage'] })
    expect(named(given)).toEqual([
      actions.approve,
      actions.edit,
      actions.reject,
      actions.always,
      actions.open,
    ])
    expect(named(approval({ ...given, parked: true }))).not.toContain(actions.edit)
  })

  test('carries the id of the approval in its buttons, and nothing else', () => {
    const { id } = approval()
    expect(buttonsOf(approval()).map(({ value }) => value)).toEqual([id, id, id, undefined])
    expect(named(approval())).toEqual([actions.approve, actions.reject, actions.always, actions.open])
  })

  test('asks once more before what cannot be undone, and never offers to always allow what has nothing to hold fast', () => {
    const [yes] = buttonsOf(approval({ effect: 'destroy' }))
    expect(yes).toMatchObject({ style: 'danger', confirm: { style: 'danger' } })
    expect(named(approval({ alwaysFields: [] }))).not.toContain(actions.always)
  })

  test('takes no yes to what it cannot show whole, nor to what is switched off', () => {
    const endless = approval({ fields: [{ name: 'body', label: 'Tekst', value: 'x'.repeat(7_000), before: null, sink: null }] }) // prettier-ignore
    expect(named(endless)).toEqual([actions.reject, actions.open])
    expect(JSON.stringify(cardOf(endless, 'en', 'https://tekup.example'))).toContain('too much to show')
    expect(named(approval({ parked: true }))).toEqual([actions.reject, actions.open])
  })
})

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
  fc.constantFrom('<!channel>', '<@U123>', '*bold* _x_ `c`', '@here', '<https://evil.example|click>', '![x](https://evil.example/p.png)'), // prettier-ignore
)
const field = fc.record({
  name: fc.constant('field'),
  label: text,
  value: text,
  before: fc.option(text),
  sink: fc.constantFrom(null, 'recipient'),
})
const anything = fc.record({
  summary: text,
  title: text,
  agentName: text,
  personName: fc.option(text),
  effect: fc.constantFrom('write', 'send', 'destroy') as fc.Arbitrary<Approval['effect']>,
  fields: fc.array(field, { maxLength: 30 }),
  untrusted: fc.boolean(),
  status: fc.constantFrom('pending', 'approved', 'done', 'failed', 'rejected', 'void', 'expired') as fc.Arbitrary<Status>, // prettier-ignore
  outcome: fc.option(text),
  decidedByName: fc.option(text),
})

test('whatever an agent asks, Slack takes the card and the record, and reads none of it as its own signs', () => {
  fc.assert(
    fc.property(anything, (given) => {
      const one = approval(given)
      for (const blocks of [
        cardOf(one, 'da', 'https://tekup.example'),
        recordOf({ ...one, status: 'done' }, 'en'),
      ]) {
        checkBlocks(blocks)
        expect(JSON.stringify(blocks)).not.toContain('"mrkdwn"')
      }
      const isDone = given.status === 'done' && given.outcome !== null
      expect(fallbackOf(one, 'da')).toContain(isDone ? given.outcome : given.summary)
    }),
    { numRuns: 200 },
  )
})

test('the record says who decided, when, and how it ended, and has no buttons', () => {
  const ended = (change: Partial<Approval>) => JSON.stringify(recordOf(approval(change), 'da'))
  const done = ended({ status: 'done', decidedByName: 'Mikkel', decidedAt: '2026-11-22T08:00:00Z', outcome: 'Flyttede aftalen.' }) // prettier-ignore
  for (const said of ['Godkendt af Mikkel', 'Flyttede aftalen.', '"timestamp":1795334400'])
    expect(done).toContain(said)
  // What would be done is not said again beside what was done.
  expect(done).not.toContain('Flytter Vinduespudsning')
  expect(done).not.toContain('"button"')
  expect(ended({ status: 'rejected', decidedByName: 'Mikkel' })).toContain('Afvist af Mikkel')
  expect(ended({ status: 'expired' })).toContain('Ingen svarede i tide')
})
