import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { bring } from '../testing/mill/mill.ts'
import { burnBook } from '../testing/shelf/shelf.ts'
import { inCompanies, lend, retitle, type AutomationWorld, type Company } from './testWorld.ts'

let world: AutomationWorld
let company: Company
let anna: Caller
inCompanies((given) => ({ world, company, anna } = given))

const statusOf = async (id: string) => world.get(id, anna)

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
    const { rows } = await world.admin.query(
      `SELECT DISTINCT rule_id FROM platform.jobs WHERE tenant_id = $1 AND cause = 'rule'`,
      [anna.tenant.id],
    )
    expect(rows).toEqual([{ rule_id: id }])
  })

  test('answers only the version of the event that was approved', async () => {
    const { id } = await world.on(retitle, anna)
    await world.admin.query(
      `INSERT INTO platform.outbox (tenant_id, id, type, version, payload, actor, request_id)
        VALUES ($1, $2, 'shelf.books.added', 2, '{"id": "7"}', '{}', 'test')`,
      [anna.tenant.id, randomUUID()],
    )
    await company.settled()
    expect(await world.runs(id, anna)).toEqual([])
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
