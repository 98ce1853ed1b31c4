import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { openDatabase, type Database } from './database.ts'
import { sql } from './sql.ts'

/** The message that asks PostgreSQL to send what it has (Message Formats, "Flush"). */
const flush = Buffer.from('H\0\0\0\x04')
const [tenant, one] = [randomUUID(), sql`SELECT 1 AS one`]

let world: TestDatabase
let listener: Server
let database: Database
let said: Buffer[]

beforeAll(async () => {
  world = await testDatabase()
})
beforeEach(async () => {
  said = []
  const url = new URL(world.runtimeUrl)
  const there = { host: url.hostname, port: Number(url.port) }
  listener = createServer((near) => {
    const far = connect(there)
    near.on('data', (bytes) => said.push(bytes))
    near.pipe(far).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
  })
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  database = openDatabase({ url: url.href })
})
afterEach(async () => {
  await database.close()
  listener.close()
})
afterAll(() => world.close())

const isFlushed = () => said.some((bytes) => bytes.equals(flush))

test('the server’s process of a connection that was idle is woken for a write that is near', async () => {
  await database.write(tenant, one)
  await expect
    .poll(() => {
      database.expectWrite()
      return isFlushed()
    })
    .toBe(true)
  expect(await database.write(tenant, one)).toEqual([{ one: 1 }])
})

test('a connection over which something is asked is awake, and nothing more is said over it', async () => {
  const bytesSaid = async (meanwhile: () => void) => {
    said = []
    const busy = database.write(tenant, sql`SELECT FROM pg_sleep(0.1)`)
    await expect.poll(() => said.length).toBeGreaterThan(0)
    meanwhile()
    await busy
    return Buffer.concat(said).length
  }
  await database.write(tenant, one)
  const usual = await bytesSaid(() => undefined)
  expect(await bytesSaid(() => database.expectWrite())).toBe(usual)
})

test('a server that has gone is for the next write to tell of', async () => {
  await database.write(tenant, one)
  await world.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tekup-shared' AND datname = current_database()`) // prettier-ignore
  database.expectWrite()
  await expect.poll(() => database.write(tenant, one).catch(() => undefined)).toEqual([{ one: 1 }])
})
