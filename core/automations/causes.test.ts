import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { cancelled, inCompanies, lend, retitle, type AutomationWorld, type Company } from './testWorld.ts'

let world: AutomationWorld
let company: Company
let anna: Caller
inCompanies((given) => ({ world, company, anna } = given))

describe('A loop', () => {
  test('ends where an automation would answer what it caused itself', async () => {
    const again = { event: 'shelf.books.added', operation: 'shelf.books.create', input: { title: 'Again' } }
    const { id } = await world.on(again, anna)
    await world.add('Stuk', anna)
    await company.settled()
    expect(await world.titles(anna)).toEqual(['Stuk', 'Again'])
    expect(await world.runs(id, anna)).toMatchObject([cancelled('automation_loop'), { status: 'done' }])
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
    expect(await world.runs(id, anna)).toMatchObject([cancelled('automation_too_deep'), { status: 'done' }])
  })

  test('is seen through subscriptions and jobs, for each says how deep it stands and below which automations', async () => {
    const grain = { sack: '{{payload.id}}', how: 'brings' }
    const bringing = { ...grain, from: 1, times: 1 }
    const direct = await world.on(
      { event: 'shelf.books.added', operation: 'mill.grain.bring', input: bringing },
      anna,
    )
    const later = await world.on(
      { event: 'shelf.books.added', operation: 'mill.flour.ask', input: { ...grain, number: 1 } },
      anna,
    )
    await world.add('Stuk', anna)
    await company.settled()
    const { rows } = await world.admin.query(
      'SELECT type, depth, automations FROM platform.outbox WHERE tenant_id = $1 AND type LIKE $2 ORDER BY depth',
      [anna.tenant.id, 'mill.%'],
    )
    expect(rows.map(({ depth, automations }) => [depth, automations])).toEqual(
      expect.arrayContaining([
        [1, [direct.id]],
        [2, [direct.id]],
        [2, [later.id]],
      ]),
    )
    expect(rows).toHaveLength(3)
  })
})

describe('A flood', () => {
  const stopped = { status: 'stopped', reason: expect.stringMatching(/more often/) }
  const flood = async (definition: object, books: number): Promise<string> => {
    const { id } = await world.on(definition, anna)
    for (let book = 0; book < books; book++) await world.add(`Bind ${book}`, anna)
    return id
  }

  test('switches an automation off when it runs too often in an hour', async () => {
    const id = await flood({ ...lend, runsPerHour: 2 }, 4)
    await company.settled()
    expect((await world.sent(anna)).length).toBeLessThanOrEqual(2)
    expect(await world.get(id, anna)).toMatchObject(stopped)
    expect(await world.runs(id, anna)).toHaveLength(3)
  })

  test('takes along what still waits to be done', async () => {
    const id = await flood({ ...lend, runsPerHour: 2, delayMinutes: 60 }, 3)
    await company.settled()
    expect((await world.runs(id, anna)).map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => 'automation_too_often'),
    )
    expect(await world.sent(anna)).toEqual([])
  })

  test('is counted within the hour, and without what was refused as a loop', async () => {
    const id = await flood({ ...lend, runsPerHour: 2 }, 2)
    await company.settled()
    await world.admin.query(
      `UPDATE platform.jobs SET created_at = created_at - interval '61 minutes', run_at = now() WHERE rule_id = $1`,
      [id],
    )
    await world.add('Efter en time', anna)
    await company.settled()
    await world.admin.query(`UPDATE platform.jobs SET code = 'automation_loop' WHERE rule_id = $1`, [id])
    for (const title of ['En', 'To']) await world.add(title, anna)
    await company.settled()
    expect(await world.get(id, anna)).toMatchObject({ status: 'on' })
    expect(await world.sent(anna)).toHaveLength(5)
  })
})
