import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { bring } from '../testing/mill/mill.ts'
import { burnBook } from '../testing/shelf/shelf.ts'
import { lend, openWorld, retitle, type AutomationWorld } from './testWorld.ts'

let world: AutomationWorld
let company: ReturnType<AutomationWorld['company']>
let anna: Caller
beforeAll(async () => {
  world = await openWorld()
  await world.work()
})
afterAll(async () => {
  await world.core.jobs.stop()
  await world.close()
})
beforeEach(() => {
  company = world.company()
  ;({ anna } = company)
})

const statusOf = async (id: string) => world.get(id, anna)
const stopped = (code: string) => ({ status: 'cancelled', code, reason: expect.stringMatching(/\S/) })

describe('An automation that is switched on', () => {
  test('does once what was approved, as a job of its own, and leaves a trail from event to audit', async () => {
    const { id } = await world.on(lend, anna)
    const book = await world.add('Løvens gab', anna)
    await company.settled()
    expect(await world.sent(anna)).toEqual(['bente@havneby.example'])
    const [run] = await world.runs(id, anna)
    expect(run).toMatchObject({ status: 'done', reason: null, auditId: expect.any(String) })
    const { rows } = await world.admin.query(
      `SELECT a.operation, a.actor_kind, a.actor_id, a.person_id, a.input, o.payload FROM platform.audit a
        JOIN platform.outbox o ON o.tenant_id = a.tenant_id AND o.id = $3 WHERE a.tenant_id = $1 AND a.id = $2`,
      [anna.tenant.id, run!.auditId, run!.eventId],
    )
    expect(rows).toMatchObject([
      {
        operation: 'shelf.books.lend',
        actor_kind: 'job',
        actor_id: `automation:${id}`,
        person_id: anna.actor.id,
        input: { id: book.id, to: 'bente@havneby.example' },
        payload: { id: book.id },
      },
    ])
    expect(await statusOf(id)).toMatchObject({ lastRunStatus: 'done' })
  })

  test('answers an event once, though it is moved on twice', async () => {
    const { id } = await world.on(lend, anna)
    await world.add('Løvens gab', anna)
    await company.settled()
    await world.admin.query('UPDATE platform.outbox SET relayed_at = NULL WHERE tenant_id = $1', [
      anna.tenant.id,
    ])
    await world.add('Stuk', anna)
    await company.settled()
    expect(await world.sent(anna)).toHaveLength(2)
    expect(await world.runs(id, anna)).toHaveLength(2)
  })

  test('answers only what its conditions say, and only its own company', async () => {
    const grind = {
      event: 'mill.grain.brought',
      conditions: { match: 'all', of: [{ field: 'number', is: 'less', value: -2 }] },
      operation: 'mill.flour.grind',
      input: { sack: '{{payload.id}}', number: '{{payload.number}}' },
    }
    const stranger = world.company()
    await world.on(grind, stranger.anna)
    const { id } = await world.on(grind, anna)
    await company.run(bring, { sack: randomUUID(), from: -4, times: 4 })
    await company.settled()
    expect((await company.flour()).map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([-4, -3])
    expect(await world.runs(id, anna)).toHaveLength(2)
    expect(await stranger.jobs()).toEqual([])
  })

  test('destroys under its rule, where no other job does', async () => {
    await world.on(
      { event: 'shelf.books.added', operation: 'shelf.books.delete', input: { id: '{{payload.id}}' } },
      anna,
    )
    const book = await world.add('Stuk', anna)
    await company.settled()
    expect(await world.titles(anna)).toEqual([])
    const job: Caller = { ...anna, actor: { kind: 'job', id: 'any', name: 'Any', personId: anna.actor.id } }
    expect(await world.refusal(world.call(burnBook, { id: book.id }, job))).toMatchObject({
      code: 'person_required',
    })
  })

  test('says why the operation refused, in the reader’s language', async () => {
    const { id } = await world.on({ ...retitle, input: { id: randomUUID(), title: 'Gone' } }, anna)
    await world.add('Stuk', anna)
    await company.settled()
    const [english] = await world.runs(id, anna)
    const [danish] = await world.runs(id, { ...anna, locale: 'da' })
    expect(english).toMatchObject({ status: 'failed', code: 'not_found' })
    expect(danish!.reason).not.toEqual(english!.reason)
  })
})

describe('A loop', () => {
  test('ends where an automation would answer what it caused itself', async () => {
    const again = { event: 'shelf.books.added', operation: 'shelf.books.create', input: { title: 'Again' } }
    const { id } = await world.on(again, anna)
    await world.add('Stuk', anna)
    await company.settled()
    expect(await world.titles(anna)).toEqual(['Stuk', 'Again'])
    expect(await world.runs(id, anna)).toMatchObject([stopped('automation_loop'), { status: 'done' }])
  })

  test('ends though two automations take turns', async () => {
    const again = { event: 'shelf.books.added', operation: 'shelf.books.create' }
    const first = await world.on({ ...again, input: { title: 'Ping {{event.id}}' } }, anna)
    const second = await world.on({ ...again, input: { title: 'Pong {{event.id}}' } }, anna)
    await world.add('Stuk', anna)
    await company.settled()
    const kinds = (await world.titles(anna)).map((title) => title.split(' ')[0])
    expect(kinds.toSorted()).toEqual(['Ping', 'Ping', 'Pong', 'Pong', 'Stuk'])
    for (const { id } of [first, second])
      expect((await world.runs(id, anna)).filter(({ code }) => code === 'automation_loop')).not.toEqual([])
  })

  test('ends after eight jobs that follow on each other, whoever they are of', async () => {
    const { id } = await world.on(retitle, anna)
    await world.add('Stuk', anna)
    await company.settled()
    await world.admin.query(
      `INSERT INTO platform.outbox (tenant_id, id, type, version, payload, actor, request_id, depth)
        SELECT tenant_id, $2, type, version, payload, actor, request_id, 8 FROM platform.outbox WHERE tenant_id = $1 AND type = 'shelf.books.added'`,
      [anna.tenant.id, randomUUID()],
    )
    await company.settled()
    expect(await world.runs(id, anna)).toMatchObject([stopped('automation_too_deep'), { status: 'done' }])
  })

  test('or a flood switches an automation off when it runs too often in an hour', async () => {
    const { id } = await world.on({ ...lend, runsPerHour: 2 }, anna)
    for (const title of ['A', 'B', 'C', 'D']) await world.add(title, anna)
    await company.settled()
    expect(await world.sent(anna)).toSatisfy((sent: string[]) => sent.length <= 2)
    expect(await statusOf(id)).toMatchObject({
      status: 'stopped',
      reason: expect.stringMatching(/more often/),
    })
    expect(await world.runs(id, anna)).toSatisfy((runs: unknown[]) => runs.length === 3)
  })
})
