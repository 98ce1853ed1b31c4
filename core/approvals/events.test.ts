import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoredEvent } from '../events/outbox.ts'
import { mailBook } from '../testing/shelf/shelf.ts'
import { openWorld, type ApprovalWorld } from './testWorld.ts'

let world: ApprovalWorld
const told: StoredEvent[] = []
beforeAll(async () => {
  world = await openWorld()
  world.core.outbox.onStored((events) =>
    told.push(...events.filter(({ type }) => type.startsWith('platform.'))),
  )
})
afterAll(() => world.close())

/** How each question of a company ended, as its event says. */
const endings = async (tenant: string) => {
  const { rows } = await world.admin.query<{ subject: string; status: string }>(
    `SELECT subject, payload->>'status' AS status FROM platform.outbox
     WHERE tenant_id = $1 AND type = 'platform.approvals.ended' ORDER BY position`,
    [tenant],
  )
  return rows.map(({ subject, status }) => [subject, status])
}

test('what is asked, decided and ended is told, so that nobody has to look again and again', async () => {
  const { anna, mikkel, agent, book } = await world.company()
  const yes = await world.ask(mailBook, { id: book.id, to: 'one@havneby.example' }, agent)
  const no = await world.ask(mailBook, { id: book.id, to: 'two@havneby.example' }, agent)
  await world.ask(mailBook, { id: book.id, to: 'two@havneby.example' }, agent)
  await world.approve(yes.id, anna)
  await world.reject(no.id, mikkel)
  const of = (id: string) =>
    told.filter(({ subject }) => subject === id).map(({ type }) => type.split('.').at(-1))
  expect(of(yes.id)).toEqual(['asked', 'decided', 'ended'])
  expect(of(no.id)).toEqual(['asked', 'ended'])
  expect(await endings(anna.tenant.id)).toEqual([
    [yes.id, 'done'],
    [no.id, 'rejected'],
  ])
  expect(told.map(({ tenant, person }) => ({ tenant, person }))).toEqual(
    told.map(() => ({ tenant: anna.tenant.id, person: undefined })),
  )
})

test('what nobody answered in time is told as well, once, however many processes look', async () => {
  const { anna, agent, book } = await world.company()
  const asked = await world.ask(mailBook, { id: book.id, to: 'one@havneby.example' }, agent)
  const again = await world.ask(mailBook, { id: book.id, to: 'two@havneby.example' }, agent)
  await world.admin.query(
    `UPDATE platform.approvals SET expires_at = now() - interval '1 second' WHERE tenant_id = $1`,
    [anna.tenant.id],
  )
  const ended = () =>
    told.filter(({ type, tenant }) => type.endsWith('.ended') && tenant === anna.tenant.id).map(({ subject }) => subject) // prettier-ignore
  await world.ask(mailBook, { id: book.id, to: 'two@havneby.example' }, agent)
  expect(ended()).toEqual([again.id])
  await Promise.all([1, 2, 3].map(() => world.core.approvals.recover()))
  expect(ended()).toEqual([again.id, asked.id])
  expect(await endings(anna.tenant.id)).toEqual([
    [again.id, 'expired'],
    [asked.id, 'expired'],
  ])
})

test('an automation can follow how a question ended, in words', async () => {
  const { anna } = await world.company()
  const { items } = (await world.call('platform.events.list', {}, anna)) as {
    items: { name: string; title: string; fields: { path: string; values: object[] }[] }[]
  }
  const ended = items.find(({ name }) => name === 'platform.approvals.ended')!
  expect(ended.title).toBe('An agent’s question is over')
  expect(ended.fields.find(({ path }) => path === 'status')!.values).toContainEqual({
    value: 'expired',
    label: 'not answered in time',
  })
})
