import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databaseFault } from '../operations/databaseFault.ts'
import { cableTo, type Cable } from '../testing/cable.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { openDatabase, type Database, type DatabaseOptions } from './database.ts'
import { sql, type Statement } from './sql.ts'

const tenant = randomUUID()

/** Every way to say something to the database. */
const ways: Record<string, (database: Database, statement: Statement) => Promise<unknown>> = {
  'a transaction': (database, statement) =>
    database.transaction(tenant, 'READ WRITE', ({ query }) => query(statement)),
  'a read': (database, statement) => database.read(tenant, statement),
  'a write': (database, statement) => database.write(tenant, statement),
  'a statement of the platform': (database, statement) => database.platformStatement(statement),
}

describe('a database whose packets vanish', () => {
  let world: TestDatabase
  let cable: Cable
  let database: Database

  beforeAll(async () => {
    world = await testDatabase()
  })
  beforeEach(async () => {
    cable = await cableTo(world.runtimeUrl)
  })
  afterEach(async () => {
    await cable.close()
    await database.close()
  })
  afterAll(() => world.close())

  const open = (silence: DatabaseOptions['silence']): void => {
    database = openDatabase({ url: cable.url, silence: { heartbeat: 500, ...silence } })
  }
  const sayEverything = (statement = sql`SELECT 1`) =>
    Promise.all(
      Object.values(ways).map((say) =>
        say(database, statement).then(
          () => 'answered',
          (error: unknown) => databaseFault(error).code,
        ),
      ),
    )
  const answered = ['answered', 'answered', 'answered', 'answered']
  const unavailable = ['unavailable', 'unavailable', 'unavailable', 'unavailable']
  const hears = () => {
    let hearing = true
    database.notifications.follow('tekup_probe', {
      onNotification: () => undefined,
      onHearing: (now) => (hearing = now),
    })
    return () => hearing
  }

  test('refuses what waited for an answer as unavailable, and what comes new, and answers again by itself', async () => {
    open({ usual: 1_000 })
    await expect.poll(() => sayEverything()).toEqual(answered)
    cable.silence()
    expect(await sayEverything()).toEqual(unavailable)
    expect(await sayEverything()).toEqual(unavailable)
    await cable.mend()
    await expect.poll(() => sayEverything()).toEqual(answered)
  })

  test('is found out by whoever listens: nobody waits for an answer over a connection of before', async () => {
    open({ usual: 600_000, inDoubt: 1_000 })
    const isHearing = hears()
    await expect.poll(() => sayEverything()).toEqual(answered)
    cable.silence()
    const waiting = sayEverything()
    await expect.poll(isHearing).toBe(false)
    expect(await waiting).toEqual(unavailable)
    await cable.mend()
    await expect.poll(isHearing).toBe(true)
    await expect.poll(() => sayEverything()).toEqual(answered)
  })

  test('is not taken for one that takes its time', async () => {
    open({ usual: 30_000, inDoubt: 500 })
    expect(await sayEverything(sql`SELECT pg_sleep(2)`)).toEqual(answered)
  })

  test('is not taken for one that is not reached, where the process itself was busy meanwhile', async () => {
    open({})
    const saying = sayEverything()
    // Longer than a connection may take to come about.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6_000)
    expect(await saying).toEqual(answered)
  })

  test('lets go of what a process had locked that is heard of no more', async () => {
    open({})
    const rows = await database.read(tenant, sql`SELECT current_setting('tcp_keepalives_idle') AS seconds`)
    expect(rows).toEqual([{ seconds: '10' }])
  })
})

test('Connections that break under way are replaced, and none is left over', async () => {
  const world = await testDatabase()
  const { admin, database } = world
  const over = new AbortController()
  const speakers = Array.from({ length: 10 }, () => Object.values(ways)).flat()
  const speaking = speakers.map(async (say) => {
    while (!over.signal.aborted) await say(database, sql`SELECT 1`).catch(() => undefined)
  })
  const own = `datname = current_database() AND pid <> pg_backend_pid()`
  for (let round = 0; round < 10; round++) {
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${own}`)
    await sleep(20)
  }
  over.abort()
  await Promise.all(speaking)
  // The server may still be letting go of those that it was told to end.
  const open = async () => (await admin.query(`SELECT FROM pg_stat_activity WHERE ${own}`)).rowCount
  await expect.poll(open).toBeLessThanOrEqual(database.connections)
  await world.close()
})
