import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { databaseFault } from '../operations/databaseFault.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { sql } from './sql.ts'
import { TenantClient } from './tenantClient.ts'

const nordlys = '019aa000-0000-7000-8000-00000000000a'
const fjord = '019aa000-0000-7000-8000-00000000000b'

const auditLineOf = (tenant: string) => ({
  tenant_id: tenant,
  id: '019aa000-0000-7000-8000-0000000000cc',
  at: '2026-11-21T08:00:00Z',
  actor_kind: 'job',
  actor_id: 'probe',
  actor_name: 'Probe',
  operation: 'probe.things.list',
  effect: 'read',
  outcome: 'done',
  surface: 'job',
  request_id: 'probe',
})

describe('a tenant’s transaction', () => {
  let world: TestDatabase

  beforeAll(async () => {
    world = await testDatabase()
    await world.admin.query(`
      CREATE SCHEMA probe AUTHORIZATION tekup_owner;
      SET ROLE tekup_owner;
      GRANT USAGE ON SCHEMA probe TO tekup_app;
      CREATE TABLE probe.things (tenant_id uuid NOT NULL, id integer NOT NULL, name text, PRIMARY KEY (tenant_id, id));
      SELECT app.isolate('probe.things');
      RESET ROLE`)
  })
  afterAll(() => world.close())

  const add = (tenant: string, id: number) =>
    world.database.transaction(tenant, 'READ WRITE', ({ query }) =>
      query(sql`INSERT INTO probe.things (tenant_id, id, name) VALUES (${tenant}, ${id}, 'thing')`),
    )
  const ids = (tenant: string) =>
    world.database.read<{ id: number }>(tenant, sql`SELECT id FROM probe.things ORDER BY id`)

  test('sees its own rows and no other tenant’s', async () => {
    await add(nordlys, 1)
    await add(fjord, 2)
    expect(await ids(nordlys)).toEqual([{ id: 1 }])
    expect(await ids(fjord)).toEqual([{ id: 2 }])
  })

  test('takes no query of one that is over', async () => {
    let late: (statement: ReturnType<typeof sql>) => Promise<unknown> = async () => undefined
    await world.database.transaction(nordlys, 'READ ONLY', async ({ query }) => void (late = query))
    await world.database.transaction(fjord, 'READ ONLY', async ({ query }) => {
      await query(sql`SELECT 1`)
      await expect(late(sql`SELECT 1`)).rejects.toThrow('its own is over')
    })
  })

  test('cannot write a row for another tenant', async () => {
    const smuggle = world.database.transaction(nordlys, 'READ WRITE', ({ query }) =>
      query(sql`INSERT INTO probe.things (tenant_id, id) VALUES (${fjord}, 3)`),
    )
    await expect(smuggle).rejects.toMatchObject({ code: '42501' })
  })

  test('cannot write when it was opened to read', async () => {
    const write = world.database.transaction(nordlys, 'READ ONLY', ({ query }) =>
      query(sql`DELETE FROM probe.things`),
    )
    await expect(write).rejects.toMatchObject({ code: '25006' })
  })

  test('a query outside a transaction throws instead of answering nothing', async () => {
    await expect(world.database.sequelize.query('SELECT 1')).rejects.toThrow('outside a tenant’s transaction')
  })

  test('a transaction with no tenant throws', async () => {
    await expect(world.database.sequelize.transaction()).rejects.toThrow('no tenant')
  })

  test('a query that is fired and forgotten throws once the transaction is over', async () => {
    let late: (() => Promise<unknown>) | undefined
    await world.database.transaction(nordlys, 'READ WRITE', async ({ query }) => {
      late = () => query(sql`SELECT count(*) FROM probe.things`)
    })
    await expect(late?.()).rejects.toThrow('outside a tenant’s transaction')
  })

  test('a transaction inside another one is refused', async () => {
    const nested = world.database.transaction(nordlys, 'READ WRITE', () => add(fjord, 9))
    await expect(nested).rejects.toThrow('inside another')
  })

  test('a swallowed failure cannot pass for a success', async () => {
    const swallowed = world.database.transaction(nordlys, 'READ WRITE', async ({ query }) => {
      await query(sql`INSERT INTO probe.things (tenant_id, id) VALUES (${nordlys}, 50)`)
      await query(sql`SELECT 1/0`).catch(() => undefined)
    })
    await expect(swallowed).rejects.toThrow('nothing was saved')
    expect(await ids(nordlys)).not.toContainEqual({ id: 50 })
  })

  test('what is sent with the commit fails the commit', async () => {
    const write = world.database.transaction(nordlys, 'READ WRITE', async ({ query, queryWithCommit }) => {
      await query(sql`INSERT INTO probe.things (tenant_id, id) VALUES (${nordlys}, 51)`)
      queryWithCommit(sql`SELECT 1/0`)
    })
    await expect(write).rejects.toThrow('division by zero')
    expect(await ids(nordlys)).not.toContainEqual({ id: 51 })
  })

  test('a commit that fails costs no connection, and no line past the log', async () => {
    const said = vi.spyOn(console, 'warn')
    const servers = new Set<number>()
    for (let round = 0; round < 20; round++) {
      const failing = world.database.transaction(
        nordlys,
        'READ WRITE',
        async ({ query, queryWithCommit }) => {
          servers.add((await query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`))[0]!.pid)
          queryWithCommit(sql`SELECT 1/0`)
        },
      )
      await expect(failing).rejects.toThrow('division by zero')
    }
    expect(servers.size).toBeLessThanOrEqual(5)
    expect(said).not.toHaveBeenCalled()
  })

  test('a connection that is lost before the commit fails it, without a line past the log, and is opened anew', async () => {
    const said = vi.spyOn(console, 'warn')
    const lost = world.database.transaction(nordlys, 'READ WRITE', async ({ query }) => {
      const [server] = await query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
      await world.admin.query('SELECT pg_terminate_backend($1)', [server!.pid])
    })
    // What the server still said, or what the client found when it went on: both are the same to whoever asked.
    expect(databaseFault(await lost.catch((error: unknown) => error))).toMatchObject({ code: 'unavailable' })
    await Promise.all(Array.from({ length: 10 }, () => ids(nordlys)))
    expect(said).not.toHaveBeenCalled()
  })

  test('a connection that is lost before the pool listens to it is not handed out', () => {
    const client = new TenantClient({})
    const pool = world.database.sequelize.connectionManager as unknown as {
      validate(client: object): boolean
    }
    const isHandedOut = () => pool.validate(client)
    expect(isHandedOut()).toBe(true)
    client.emit('error', new Error('The server is shutting down.'))
    expect(isHandedOut()).toBe(false)
  })

  test('a tenant id that is not a UUID never reaches the server', async () => {
    await expect(ids(`'; DROP TABLE probe.things; --`)).rejects.toThrow('lower-case UUID')
  })

  test('a failing read on a shared connection fails alone', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        index % 3 === 0
          ? world.database.read(nordlys, sql`SELECT 1/0`)
          : world.database.read<{ id: number }>(
              index % 2 ? nordlys : fjord,
              sql`SELECT id FROM probe.things`,
            ),
      ),
    )
    results.forEach((result, index) => {
      expect(result.status).toBe(index % 3 === 0 ? 'rejected' : 'fulfilled')
      if (result.status === 'fulfilled') expect(result.value).toEqual([{ id: index % 2 ? 1 : 2 }])
    })
  })

  test('a read of one statement cannot write', async () => {
    const write = world.database.read(nordlys, sql`DELETE FROM probe.things`)
    await expect(write).rejects.toMatchObject({ code: '25006' })
    expect(await ids(nordlys)).toContainEqual({ id: 1 })
  })

  test('lines that are stored with a read stay where it is answered, and nowhere else', async () => {
    const lines = (id: string) => JSON.stringify([{ ...auditLineOf(nordlys), id, request_id: id }])
    const [kept, lost] = [
      '019aa000-0000-7000-8000-0000000000c1',
      '019aa000-0000-7000-8000-0000000000c2',
    ] as const
    const read = sql`SELECT id FROM probe.things WHERE id = 1`
    expect(await world.database.readRecorded(nordlys, read, lines(kept))).toEqual([{ id: 1 }])
    const write = world.database.readRecorded(nordlys, sql`DELETE FROM probe.things`, lines(lost))
    await expect(write).rejects.toMatchObject({ code: '25006' })
    const { rows } = await world.admin.query('SELECT id FROM platform.audit WHERE id = ANY($1)', [
      [kept, lost],
    ])
    expect(rows).toEqual([{ id: kept }])
    await world.admin.query('DELETE FROM platform.audit')
  })

  test('the tenant of a read is gone when the next one on its connection begins', async () => {
    await Promise.all(Array.from({ length: 8 }, () => ids(nordlys)))
    const nobody = await world.database.platformStatement(sql`SELECT id FROM probe.things`)
    expect(nobody).toEqual([])
    const seen = await world.database.read(fjord, sql`SELECT app.tenant() AS tenant`)
    expect(seen).toEqual([{ tenant: fjord }])
  })

  test('a statement of the platform is committed when it is answered, and belongs to no tenant', async () => {
    const smuggle = world.database.platformStatement(
      sql`INSERT INTO probe.things (tenant_id, id) VALUES (${nordlys}, 60)`,
    )
    await expect(smuggle).rejects.toMatchObject({ code: '42501' })
    await world.database.platformStatement(
      sql`SELECT platform.record_audit(${JSON.stringify([auditLineOf(nordlys)])})`,
    )
    const { rows } = await world.admin.query('SELECT operation FROM platform.audit')
    expect(rows).toEqual([{ operation: 'probe.things.list' }])
  })

  test('two hundred interleaved transactions of two tenants never mix', async () => {
    const seen = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const tenant = index % 2 ? nordlys : fjord
        return world.database.transaction(tenant, 'READ ONLY', async ({ query }) => {
          await query(sql`SELECT pg_sleep(0.001)`)
          const [row] = await query<{ tenant: string }>(sql`SELECT app.tenant() AS tenant`)
          return row?.tenant === tenant
        })
      }),
    )
    expect(seen.every(Boolean)).toBe(true)
  })
})
