import type pg from 'pg'
import { queueSchema } from '../database/queuePool.ts'

export interface CatalogFinding {
  readonly rule: string
  readonly subject: string
}

/** The queue's schema is its vendor's: no company's row stands there, and the product's login cannot look into it. */
const ours = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', '${queueSchema}') AND n.nspname NOT LIKE 'pg\\_%'`
const ofTenant = (table: string): string =>
  `EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = ${table} AND a.attname = 'tenant_id' AND NOT a.attisdropped)`
const runtime = `'tekup_app'`

/** What must never be found in the catalog of a multi-tenant database; each rule selects its offenders. */
const rules: Readonly<Record<string, string>> = {
  'every table is a tenant’s table or the core’s own': `
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${ours} AND n.nspname <> 'app' AND NOT ${ofTenant('c.oid')}
      AND (has_table_privilege(${runtime}, c.oid, 'SELECT, INSERT, UPDATE, DELETE') AND NOT c.relforcerowsecurity)`,
  'a tenant’s table enables and forces row-level security': `
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${ours} AND ${ofTenant('c.oid')}
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
  'a tenant’s table has a policy that compares with the tenant of the transaction': `
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${ours} AND ${ofTenant('c.oid')} AND NOT EXISTS (
      SELECT FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname
        AND p.qual ~ 'tenant_id = \\( SELECT app\\.tenant\\(\\)' AND p.with_check ~ 'tenant_id = \\( SELECT app\\.tenant\\(\\)')`,
  'a policy checks what is written and evaluates the tenant once': `
    SELECT p.tablename || '.' || p.policyname FROM pg_policies p JOIN pg_namespace n ON n.nspname = p.schemaname
    WHERE ${ours} AND p.roles <> '{tekup_definer}' AND (p.cmd IN ('ALL', 'INSERT', 'UPDATE') AND p.with_check IS NULL
      OR coalesce(p.qual, p.with_check) !~* '\\(\\s*SELECT')`,
  'an always-true policy serves reviewed functions only': `
    SELECT p.tablename || '.' || p.policyname FROM pg_policies p JOIN pg_namespace n ON n.nspname = p.schemaname
    WHERE ${ours} AND (p.qual = 'true' OR p.with_check = 'true') AND p.roles <> '{tekup_definer}'`,
  'a foreign key between tenants’ tables carries the tenant': `
    SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
    WHERE k.contype = 'f' AND ${ours} AND ${ofTenant('k.confrelid')} AND NOT EXISTS (
      SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname = 'tenant_id')`,
  'a foreign key has an index that begins with its columns': `
    SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
    WHERE k.contype = 'f' AND ${ours} AND NOT EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = k.conrelid
        AND (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey)`,
  'a unique key begins with the tenant': `
    SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours} AND i.indisunique AND ${ofTenant('c.oid')}
      AND (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = i.indkey[0]) IS DISTINCT FROM 'tenant_id'`,
  'an index of a tenant’s table begins with the tenant': `
    SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class x ON x.oid = i.indexrelid
      JOIN pg_am m ON m.oid = x.relam
    WHERE ${ours} AND ${ofTenant('c.oid')} AND m.amname = 'btree'
      AND (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = i.indkey[0]) IS DISTINCT FROM 'tenant_id'`,
  'a view runs with the rights of who asks': `
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND ${ours} AND NOT coalesce(c.reloptions::text, '') ~ 'security_invoker=(true|on|1)'`,
  'the runtime reads no materialized view and no foreign table': `
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('m', 'f') AND ${ours} AND has_table_privilege(${runtime}, c.oid, 'SELECT')`,
  'the runtime may not truncate, refer to or put triggers on a table': `
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${ours} AND has_table_privilege(${runtime}, c.oid, 'TRUNCATE, REFERENCES, TRIGGER')`,
  'the runtime and the reviewed functions’ owner are bound roles that own no table': `
    SELECT r.rolname FROM pg_roles r WHERE r.rolname IN ('tekup_app', 'tekup_definer') OR r.rolname LIKE 'tekup\\_login\\_%'
    GROUP BY r.oid, r.rolname, r.rolsuper, r.rolbypassrls HAVING r.rolsuper OR r.rolbypassrls
      OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))`,
  'a definer function pins its search path and is closed to the public': `
    SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND ${ours} AND (NOT coalesce(p.proconfig::text, '') ~ 'search_path='
      OR has_function_privilege('public', p.oid, 'EXECUTE') OR p.proowner <> 'tekup_definer'::regrole)`,
  'a sealed column stands in a table whose key is the tenant and the id': `
    SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.atttypid = 'app.sealed'::regtype AND c.relkind IN ('r', 'p') AND NOT a.attisdropped AND NOT EXISTS (
      SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p' AND (
        SELECT array_agg(b.attname::text ORDER BY b.attname) FROM pg_attribute b WHERE b.attrelid = c.oid AND b.attnum = ANY (k.conkey)
      ) = '{id,tenant_id}')`,
  'a tenant’s column is of a type whose comparisons do not leak': `
    SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${ours} AND a.attnum > 0 AND (t.typtype = 'e' OR t.typname = 'numeric')`,
}

export const catalogRules = Object.keys(rules)

/** Looks through the catalog of a migrated database, as its administrator; an empty list is a clean bill. */
export async function lintCatalog(admin: pg.Client): Promise<CatalogFinding[]> {
  const findings: CatalogFinding[] = []
  for (const [rule, offenders] of Object.entries(rules)) {
    const { rows } = await admin.query<[string]>({ text: offenders, rowMode: 'array' })
    findings.push(...rows.map(([subject]) => ({ rule, subject })))
  }
  return findings
}
