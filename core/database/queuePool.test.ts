import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { cableTo } from '../testing/cable.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { coreMigrations, prepareDatabase } from './migrate.ts'
import { openQueuePool } from './queuePool.ts'

let world: TestDatabase

beforeAll(async () => {
  world = await testDatabase()
})
afterAll(() => world.close())

test('A queue whose server goes while it is being opened is refused, and the process lives on', async () => {
  const cable = await cableTo(world.adminUrl)
  const opening = openQueuePool(cable.url, 1, async (admin) => {
    await cable.refuse()
    await admin.query('SELECT 1')
  })
  await expect(opening).rejects.toThrow(/terminated/)
  await cable.close()
})

const openPool = (url: string) =>
  openQueuePool(url, 1, (admin, schema) => admin.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`))

test('One whose server goes without a word while it is being opened is given up once, whatever was still to be said', async () => {
  const cable = await cableTo(world.adminUrl)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const silent = Promise.withResolvers<void>()
  const opening = openQueuePool(cable.url, 1, async (admin) => {
    cable.silence()
    const asked = admin.query('SELECT 1')
    silent.resolve()
    await asked.catch(() => admin.query('ROLLBACK'))
  })
  opening.catch(() => undefined)
  await silent.promise
  vi.advanceTimersByTime(31_000)
  await expect(opening).rejects.toThrow(/not queryable/)
  await cable.close()
})

test('It may be opened by many processes at once, while others bring the database up to date', async () => {
  const starting = Array.from({ length: 8 }, async () => {
    await prepareDatabase(world.adminUrl, [coreMigrations])
    const pool = await openPool(world.adminUrl)
    await pool.end()
  })
  await expect(Promise.all(starting)).resolves.toHaveLength(8)
})

test('Its connections may break while they are in use', async () => {
  const cable = await cableTo(world.adminUrl)
  const pool = await openPool(cable.url)
  const client = await pool.connect()
  await cable.refuse()
  await expect(client.query('SELECT 1')).rejects.toThrow(/terminated/)
  client.release(true)
  await pool.end()
  await cable.close()
})

test('A statement of it is given up when its server has gone without a word', async () => {
  const cable = await cableTo(world.adminUrl)
  const pool = await openPool(cable.url)
  const client = await pool.connect()
  cable.silence()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const asked = client.query('SELECT 1')
  vi.advanceTimersByTime(15_000)
  await expect(asked).rejects.toThrow('Query read timeout')
  vi.useRealTimers()
  client.release(true)
  await cable.close()
  await pool.end()
})
