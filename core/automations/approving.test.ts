import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { fingerprint } from '../testing/fingerprint.ts'
import { lend, openWorld, retitle, type AutomationWorld } from './testWorld.ts'

let world: AutomationWorld
let anna: Caller
let agent: Caller
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  ;({ anna, agent } = world.company())
})

const approving = (id: string, hash: string, caller = anna, accept: string[] = []) =>
  world.call('platform.automations.approve', { id, hash, accept }, caller)

describe('An automation', () => {
  test('is switched off when an agent makes it, and no agent and no job can switch it on', async () => {
    const made = await world.make(retitle, agent)
    expect(made).toMatchObject({ status: 'draft', madeByAgent: true })
    const { hash } = await world.get(made.id, agent)
    const job: Caller = { ...anna, actor: { kind: 'job', id: 'any', name: 'Any' } }
    for (const caller of [agent, { ...agent, untrusted: true }, job]) {
      expect(await world.refusal(approving(made.id, hash, caller))).toMatchObject({ code: 'person_required' })
      expect(await world.refusal(world.call('platform.automations.resumeAll', {}, caller))).toMatchObject({
        code: 'person_required',
      })
    }
    expect(await approving(made.id, hash)).toMatchObject({ status: 'on', approvedByName: null })
  })

  test('is approved exactly as it was seen, and any change of it asks for a new approval', async () => {
    const made = await world.make(retitle, anna)
    const seen = await world.get(made.id, anna)
    await world.call('platform.automations.update', { id: made.id, runsPerHour: 61 }, agent)
    expect(await world.refusal(approving(made.id, seen.hash))).toMatchObject({ code: 'automation_changed' })
    const changes = [
      { name: 'Other' },
      { conditions: { match: 'all', of: [{ field: 'id', is: 'exists' }] } },
      { operation: 'shelf.books.delete', input: { id: '{{payload.id}}' } },
      { input: { id: '{{event.id}}' } },
      { delayMinutes: 5 },
      { runsPerHour: 62 },
      { event: 'mill.grain.brought' },
    ]
    for (const change of changes) {
      expect(await world.approve(made.id, anna)).toMatchObject({ status: 'on' })
      const now = await world.call('platform.automations.update', { id: made.id, ...change }, agent)
      expect(now, JSON.stringify(change)).toMatchObject({ status: 'draft', approvedAt: null })
    }
    await world.approve(made.id, anna)
    const same = await world.call('platform.automations.update', { id: made.id, name: 'Other' }, agent)
    expect(same).toMatchObject({ status: 'on' })
  })

  test('is not changed as it was before somebody else changed it', async () => {
    const { id, version } = await world.make(retitle, anna)
    await world.call('platform.automations.update', { id, runsPerHour: 61, version }, agent)
    const late = world.call('platform.automations.update', { id, runsPerHour: 62, version }, anna)
    expect(await world.refusal(late)).toMatchObject({ code: 'version_conflict' })
  })

  test('is approved by a key only where its maker wrote that down', async () => {
    const { id } = await world.make(retitle, anna)
    const key: Caller = {
      ...anna,
      actor: { kind: 'key', id: randomUUID(), name: 'Everything', personId: anna.actor.id },
    }
    const { hash } = await world.get(id, anna)
    expect(await world.refusal(approving(id, hash, key))).toMatchObject({ code: 'forbidden' })
    expect(await world.get(id, anna)).toMatchObject({ status: 'draft' })
  })

  test('is approved only by somebody who may do the same themselves', async () => {
    const made = await world.make(retitle, anna)
    const { hash } = await world.get(made.id, anna)
    const without = new Set([...anna.permissions].filter((permission) => permission !== 'shelf.books:write'))
    const refused = await world.refusal(approving(made.id, hash, { ...anna, permissions: without }))
    expect(refused.details).toMatchObject({ permission: 'shelf.books:write' })
  })

  test('says what it does in words, and what cannot be undone', async () => {
    const { id } = await world.add('Løvens gab', anna)
    const burn = { event: 'shelf.books.added', operation: 'shelf.books.delete', input: { id } }
    const { does } = await world.get((await world.make(burn, anna)).id, anna)
    expect(does?.warning).toContain('Løvens gab')
    expect(does?.fields).toMatchObject([{ name: 'id', value: 'Løvens gab', fromEvent: false }])
  })

  test('shows where something goes, and has it accepted by name where the event decides', async () => {
    const fixed = await world.get((await world.make(lend, anna)).id, anna)
    expect(fixed.accepts).toEqual([])
    expect(fixed.does?.fields).toContainEqual(
      expect.objectContaining({
        name: 'to',
        value: 'bente@havneby.example',
        sink: 'recipient',
        fromEvent: false,
      }),
    )
    const open = { ...lend, input: { ...lend.input, to: '{{payload.id}}@havneby.example' } }
    const made = await world.get((await world.make(open, anna)).id, anna)
    expect(made.accepts).toEqual(['to'])
    expect(made.does?.fields).toContainEqual(
      expect.objectContaining({ name: 'to', value: '{{payload.id}}@havneby.example', fromEvent: true }),
    )
    expect(await world.refusal(approving(made.id, made.hash))).toMatchObject({ code: 'automation_sinks' })
    expect(await world.refusal(approving(made.id, made.hash, anna, ['id']))).toMatchObject({
      code: 'automation_sinks',
    })
    expect(await approving(made.id, made.hash, anna, ['to'])).toMatchObject({ status: 'on' })
  })

  test('is refused in a sentence where it does not hold together', async () => {
    const refusals = [
      [{ ...retitle, event: 'shelf.books.eaten' }, /there is no event shelf.books.eaten/],
      [{ ...retitle, operation: 'shelf.books.eat' }, /there is no operation shelf.books.eat/],
      [{ ...retitle, operation: 'shelf.books.list', input: {} }, /changes nothing/],
      [{ ...retitle, operation: 'platform.automations.disable' }, /for a person/],
      [{ ...retitle, operation: 'platform.approvals.approve' }, /for a person/],
      [{ ...lend, operation: 'shelf.books.mail', input: { ...lend.input, secret: 'x' } }, /for a person/],
      [{ ...retitle, input: { title: 'No id' } }, /id: is missing/],
    ] as const
    for (const [definition, sentence] of refusals)
      expect((await world.refusal(world.make(definition, anna))).sentence('en')).toMatch(sentence)
  })

  test('is the company’s own: another finds, tries, changes and approves nothing of it', async () => {
    const made = await world.make(retitle, anna)
    const { hash } = await world.get(made.id, anna)
    const { anna: stranger } = world.company()
    for (const verb of ['get', 'test', 'update', 'disable', 'delete'])
      expect(
        await world.refusal(world.call(`platform.automations.${verb}`, { id: made.id }, stranger)),
        verb,
      ).toMatchObject({
        code: expect.stringMatching(/^(not_found|confirmation_required)$/),
      })
    expect(await world.refusal(approving(made.id, hash, stranger))).toMatchObject({ code: 'not_found' })
    expect(await world.call('platform.automations.list', {}, stranger)).toMatchObject({ items: [] })
  })
})

describe('A dry run', () => {
  test('shows which events would match and the exact call of each, in names, and calls nothing', async () => {
    const book = await world.add('Løvens gab', anna)
    const made = await world.make(retitle, anna)
    const before = await fingerprint(world.admin)
    const tried = await world.call('platform.automations.test', { id: made.id }, anna)
    expect(await fingerprint(world.admin)).toEqual(before)
    expect(tried).toMatchObject({
      matched: 1,
      items: [
        {
          matches: true,
          input: { id: book.id, title: expect.stringMatching(/^Seen \d{4}-/) },
          fields: [{ name: 'id', value: 'Løvens gab' }, { name: 'title' }],
          problem: null,
        },
      ],
    })
  })

  test('takes a sample, and says why the operation would refuse', async () => {
    const grind = {
      event: 'mill.grain.brought',
      conditions: { match: 'all', of: [{ field: 'number', is: 'less', value: 0 }] },
      operation: 'mill.flour.grind',
      input: { sack: '{{payload.id}}', number: '{{payload.number}}' },
    }
    const { id } = await world.make(grind, anna)
    const sampled = (sample: object) => world.call('platform.automations.test', { id, sample }, anna)
    expect(await sampled({ id: 'x', number: 1 })).toMatchObject({
      matched: 0,
      items: [{ matches: false, input: null }],
    })
    expect(await sampled({ number: -1 })).toMatchObject({
      matched: 1,
      items: [{ input: { number: -1 }, problem: expect.stringContaining('sack') }],
    })
  })
})
