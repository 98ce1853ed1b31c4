import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../platform/audit.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { addBook, getBook, shelf } from '../testing/shelf/shelf.ts'

let world: TestCore
beforeAll(async () => {
  world = await testCore([shelf])
})
afterAll(() => world.close())

test('what a call was given is told as it was, also where it was nothing but an id, which is kept once', async () => {
  const anna = world.callerOf(randomUUID())
  const { id } = (await world.core.invoke(addBook, { title: 'Pan' }, anna)).value
  await world.core.invoke(getBook, { id }, anna)
  const { items } = (await world.core.invoke(listAudit, {}, anna)).value
  const given = items.map(({ operation, input }) => ({ operation, input }))
  expect(given).toContainEqual({ operation: 'shelf.books.get', input: { id } })
  expect(given).toContainEqual({ operation: 'shelf.books.create', input: { title: 'Pan' } })
  const { rows } = await world.admin.query(
    `SELECT input FROM platform.audit WHERE subject_id = $1 AND operation = 'shelf.books.get'`,
    [id],
  )
  expect(rows).toEqual([{ input: 'id' }])
})

test('a look at the trail shows what was done before it, and the next one shows it too', async () => {
  const anna = world.callerOf(randomUUID())
  const look = async () =>
    (await world.core.invoke(listAudit, {}, anna)).value.items.map((item) => item.operation)
  expect(await look()).toEqual([])
  expect(await look()).toEqual(['platform.audit.list'])
})
