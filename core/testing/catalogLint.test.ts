import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogRules, lintCatalog } from './catalogLint.ts'
import { testDatabase, type TestDatabase } from './database.ts'

/** One planted fault per rule: what it takes to break it. */
const faults: Readonly<Record<string, string>> = {
  'every table is a tenant’s table or the core’s own': `
    CREATE TABLE probe.loose (id int PRIMARY KEY); GRANT SELECT ON probe.loose TO tekup_app`,
  'a tenant’s table enables and forces row-level security': `
    CREATE TABLE probe.open (tenant_id uuid, id int, PRIMARY KEY (tenant_id, id)); ALTER TABLE probe.open ENABLE ROW LEVEL SECURITY`,
  'a tenant’s table has a policy that compares with the tenant of the transaction': `
    CREATE TABLE probe.lost (tenant_id uuid, id int, PRIMARY KEY (tenant_id, id));
    ALTER TABLE probe.lost ENABLE ROW LEVEL SECURITY; ALTER TABLE probe.lost FORCE ROW LEVEL SECURITY`,
  'a policy checks what is written and evaluates the tenant once': `
    CREATE POLICY slow ON probe.good USING (tenant_id = app.tenant())`,
  'an always-true policy serves reviewed functions only': `CREATE POLICY all_rows ON probe.good FOR SELECT USING (true)`,
  'a foreign key between tenants’ tables carries the tenant': `
    ALTER TABLE probe.good ADD UNIQUE (id), ADD other int REFERENCES probe.good (id)`,
  'a foreign key has an index that begins with its columns': `
    ALTER TABLE probe.good ADD mate int, ADD FOREIGN KEY (tenant_id, mate) REFERENCES probe.good (tenant_id, id)`,
  'a unique key begins with the tenant': `CREATE UNIQUE INDEX ON probe.good (id)`,
  'an index of a tenant’s table begins with the tenant': `CREATE INDEX ON probe.good (id)`,
  'a view runs with the rights of who asks': `CREATE VIEW probe.seen AS SELECT * FROM probe.good`,
  'the runtime reads no materialized view and no foreign table': `
    CREATE MATERIALIZED VIEW probe.copied AS SELECT 1 AS one; GRANT SELECT ON probe.copied TO tekup_app`,
  'the runtime may not truncate, refer to or put triggers on a table': `GRANT TRUNCATE ON probe.good TO tekup_app`,
  'a definer function pins its search path and is closed to the public': `
    CREATE FUNCTION probe.peek() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
  'a sealed column stands in a table whose key is the tenant and the id': `
    CREATE TABLE probe.box (tenant_id uuid, place int, content app.sealed, PRIMARY KEY (tenant_id, place))`,
  'a tenant’s column is of a type whose comparisons do not leak': `ALTER TABLE probe.good ADD price numeric`,
}

describe('the catalog lint', () => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase()
    await world.admin.query(`
      CREATE SCHEMA probe AUTHORIZATION tekup_owner;
      SET ROLE tekup_owner;
      CREATE TABLE probe.good (tenant_id uuid, id int, PRIMARY KEY (tenant_id, id));
      SELECT app.isolate('probe.good')`)
  })
  afterAll(() => world.close())

  test('finds nothing in a database that keeps the rules', async () => {
    expect(await lintCatalog(world.admin)).toEqual([])
  })

  test.each(Object.entries(faults))('finds where not: %s', async (rule, fault) => {
    await world.admin.query('BEGIN')
    try {
      await world.admin.query(fault)
      expect((await lintCatalog(world.admin)).map((finding) => finding.rule)).toContain(rule)
    } finally {
      await world.admin.query('ROLLBACK')
    }
  })

  test('finds a runtime role that row-level security does not bind', async () => {
    await world.admin.query('BEGIN; RESET ROLE; ALTER ROLE tekup_app BYPASSRLS')
    try {
      const rule = 'the runtime and the reviewed functions’ owner are bound roles that own no table'
      expect((await lintCatalog(world.admin)).map((finding) => finding.rule)).toContain(rule)
      expect([...Object.keys(faults), rule].toSorted()).toEqual(catalogRules.toSorted())
    } finally {
      await world.admin.query('ROLLBACK')
    }
  })
})
