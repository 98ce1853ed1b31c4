import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createCore, type Core } from '../core.ts'
import { sql } from '../database/sql.ts'
import { createLogger } from '../observability/log.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import { plugin } from '../operations/plugin.ts'
import type { WriteContext } from '../operations/context.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { z } from 'zod'

const keep = (id: string) => ({ table: 'safe.boxes', column: 'content', id })

const words = { title: 'x', doing: 'x', done: 'x', phrases: [] }
const run = (
  name: `safe.boxes.${string}`,
  work: (input: { id: string; text: string }, context: WriteContext) => Promise<string>,
) =>
  operation({
    name: name as 'safe.boxes.put',
    summary: 'x',
    effect: 'write',
    input: z.strictObject({ id: z.uuid(), text: z.string().default('').meta({ secret: true }) }),
    output: z.object({ text: z.string() }),
    run: async (input, context) => ({ text: await work(input, context) }),
  }) as AnyOperation

const put = run('safe.boxes.put', async ({ id, text }, { vault, query, tenant }) => {
  const sealed = await vault.seal(keep(id), text)
  await query(sql`INSERT INTO safe.boxes (tenant_id, id, content) VALUES (${tenant.id}, ${id}, ${sealed})`)
  return ''
})
const look = run('safe.boxes.look', async ({ id }, { vault, query, tenant }) => {
  const [row] = await query<{ content: Buffer }>(
    sql`SELECT content FROM safe.boxes WHERE tenant_id = ${tenant.id} AND id = ${id}`,
  )
  return vault.open(keep(id), row!.content)
})

const safe = plugin({
  name: 'safe',
  version: '1.0.0',
  operations: [put, look],
  locales: { da: { [put.name]: words, [look.name]: words }, en: { [put.name]: words, [look.name]: words } },
})

let world: TestCore
beforeAll(async () => {
  world = await testCore([safe])
  await world.admin.query(`CREATE SCHEMA safe; GRANT USAGE ON SCHEMA safe TO tekup_app;
    CREATE TABLE safe.boxes (tenant_id uuid NOT NULL, id uuid NOT NULL, content app.sealed, PRIMARY KEY (tenant_id, id));
    SELECT app.isolate('safe.boxes')`)
})
afterAll(() => world.close())

const phrase = 'hemmelig nøgle 🗝'

async function putNew(tenant = randomUUID(), text = phrase, core: Core = world.core) {
  const id = randomUUID()
  await core.invoke(put, { id, text }, world.callerOf(tenant))
  return { tenant, id }
}

const read = async (tenant: string, id: string, core: Core = world.core): Promise<string> =>
  ((await core.invoke(look, { id }, world.callerOf(tenant))).value as { text: string }).text

const rotate = (tenant: string) =>
  world.core.invoke(world.core.registry.find('platform.secrets.rotate')!, {}, world.callerOf(tenant))

/** Another process on the same database, with other settings. */
const coreWith = (environment: Record<string, string>, secret = world.secret): Core =>
  createCore({ config: readConfig({ LOG_LEVEL: 'silent', ...environment }), database: world.database, secret, plugins: [safe], log: createLogger({ level: 'silent', format: 'json' }) }) // prettier-ignore

const stored = async (tenant: string): Promise<Buffer> =>
  (await world.admin.query('SELECT content FROM safe.boxes WHERE tenant_id = $1', [tenant])).rows[0].content

describe('a secret in the vault', () => {
  test('comes out as it went in, and is not to be read in the database', async () => {
    const { tenant, id } = await putNew()
    expect(await read(tenant, id)).toBe(phrase)
    expect((await stored(tenant)).includes(Buffer.from('hemmelig'))).toBe(false)
  })

  test('reaches neither the trail nor the outcomes that are kept', async () => {
    const tenant = randomUUID()
    await world.core.invoke(
      put,
      { id: randomUUID(), text: phrase },
      world.callerOf(tenant, { idempotencyKey: 'once' }),
    )
    for (const table of ['audit', 'idempotency']) {
      const { rows } = await world.admin.query(
        `SELECT row_to_json(t)::text AS row FROM platform.${table} t WHERE tenant_id = $1`,
        [tenant],
      )
      expect(rows.length).toBe(1)
      expect(rows[0].row).not.toContain('hemmelig')
    }
  })

  test('opens neither in another row nor in another company, nor when a bit was changed', async () => {
    const mine = await putNew()
    const other = await putNew(mine.tenant)
    const theirs = await putNew()
    const copy = (to: { tenant: string; id: string }, content: Buffer) =>
      world.admin.query('UPDATE safe.boxes SET content = $3 WHERE tenant_id = $1 AND id = $2', [
        to.tenant,
        to.id,
        content,
      ])
    const content = (await world.admin.query('SELECT content FROM safe.boxes WHERE id = $1', [mine.id]))
      .rows[0].content as Buffer
    await copy(other, content)
    await expect(read(other.tenant, other.id)).rejects.toMatchObject({ code: 'internal' })
    await copy(theirs, content)
    await expect(read(theirs.tenant, theirs.id)).rejects.toMatchObject({ code: 'internal' })
    content[content.length - 1]! ^= 1
    await copy(mine, content)
    await expect(read(mine.tenant, mine.id)).rejects.toMatchObject({ code: 'internal' })
  })

  test('of the same text looks different each time', async () => {
    const [one, two] = [await putNew(), await putNew()]
    expect((await stored(one.tenant)).subarray(17)).not.toEqual((await stored(two.tenant)).subarray(17))
  })

  test('is sealed under one key when many are sealed at once for a new company', async () => {
    const tenant = randomUUID()
    const made = await Promise.all(Array.from({ length: 8 }, () => putNew(tenant)))
    for (const { id } of made) expect(await read(tenant, id)).toBe(phrase)
    const { rows } = await world.admin.query('SELECT id FROM platform.data_keys WHERE tenant_id = $1', [
      tenant,
    ])
    expect(rows.length).toBe(1)
  })
})

describe('a new data key', () => {
  test('seals everything of the company anew, and nothing of another’s', async () => {
    const mine = await putNew()
    const theirs = await putNew()
    const [before, theirsBefore] = [await stored(mine.tenant), await stored(theirs.tenant)]
    expect((await rotate(mine.tenant)).value).toEqual({ count: 1 })
    expect((await stored(mine.tenant)).subarray(1, 17)).not.toEqual(before.subarray(1, 17))
    expect(await stored(theirs.tenant)).toEqual(theirsBefore)
    expect(await read(mine.tenant, mine.id)).toBe(phrase)
  })

  test('leaves nothing under the old one when secrets are put in meanwhile', async () => {
    const tenant = randomUUID()
    await Promise.all(Array.from({ length: 5 }, () => putNew(tenant)))
    await Promise.all([putNew(tenant), rotate(tenant), putNew(tenant), rotate(tenant), putNew(tenant)])
    const { rows: keys } = await world.admin.query(`SELECT replace(id::text, '-', '') AS id FROM platform.data_keys WHERE tenant_id = $1 AND retired_at IS NULL`, [tenant]) // prettier-ignore
    const { rows } = await world.admin.query(`SELECT DISTINCT encode(substring(content FROM 2 FOR 16), 'hex') AS key FROM safe.boxes WHERE tenant_id = $1`, [tenant]) // prettier-ignore
    expect(rows).toEqual([{ key: keys[0].id }])
  })

  test('destroys those that were retired an hour ago', async () => {
    const { tenant } = await putNew()
    await rotate(tenant)
    await world.admin.query(`UPDATE platform.data_keys SET retired_at = now() - interval '61 minutes' WHERE tenant_id = $1 AND retired_at IS NOT NULL`, [tenant]) // prettier-ignore
    await rotate(tenant)
    const { rows } = await world.admin.query(
      'SELECT retired_at FROM platform.data_keys WHERE tenant_id = $1',
      [tenant],
    )
    expect(rows.length).toBe(2)
  })
})

describe('a new key of the installation', () => {
  const newKey = () => randomBytes(32).toString('base64')

  test('is moved to at the start, from none and from an old one, and secrets stay', async () => {
    const { tenant, id } = await putNew()
    const sealed = await stored(tenant)
    const [first, second] = [newKey(), newKey()]
    await coreWith({ VAULT_KEY: first }).openVault()
    await coreWith({ VAULT_KEY: second, VAULT_KEY_OLD: first }).openVault()
    expect(await stored(tenant)).toEqual(sealed)
    expect(await read(tenant, id, coreWith({ VAULT_KEY: second }))).toBe(phrase)
    await expect(read(tenant, id, coreWith({ VAULT_KEY: first }))).rejects.toMatchObject({ code: 'internal' })
    await coreWith({ VAULT_KEY_OLD: second }).openVault()
    expect(await read(tenant, id, coreWith({}))).toBe(phrase)
  })

  test('without the old one is refused at the start, in one sentence', async () => {
    await putNew()
    const lost = coreWith({ VAULT_KEY: newKey() }, randomBytes(32))
    await expect(lost.openVault()).rejects.toThrow(
      /^The secrets in the database are locked with another VAULT_KEY\. .*\.$/,
    )
  })

  test('of a wrong form is refused', () => {
    for (const key of ['short', randomBytes(16).toString('base64'), randomBytes(32).toString('hex')])
      expect(() => readConfig({ VAULT_KEY: key })).toThrow('VAULT_KEY must be')
  })
})
