import type pg from 'pg'
import { createAccessTokens } from '../../core/identity/accessToken.ts'
import { deriveIdentityKeys } from '../../core/identity/keys.ts'
import type { World } from './database.ts'

/** One company, and a signed-in person of it. */
export interface Company {
  readonly tenant: string
  readonly person: string
  readonly session: string
}

/** Founds companies of one person each, all signed in. */
export async function foundCompanies({ admin }: World, count: number): Promise<Company[]> {
  await admin.query(`
    INSERT INTO platform.tenants (tenant_id, name)
      SELECT uuidv7(), 'Firma ' || number FROM generate_series(1, ${count}) number;
    INSERT INTO platform.people (id, email, name, password_hash)
      SELECT uuidv7(), 'anna' || number || '@firma.example', 'Anna ' || number, '' FROM generate_series(1, ${count}) number;
    WITH company AS (SELECT tenant_id, row_number() OVER (ORDER BY tenant_id) AS number FROM platform.tenants),
      person AS (SELECT id, email, row_number() OVER (ORDER BY id) AS number FROM platform.people)
    INSERT INTO platform.memberships (tenant_id, person_id, email, role)
      SELECT tenant_id, id, email, 'owner' FROM company JOIN person USING (number);
    INSERT INTO platform.sessions
        (id, person_id, current_tenant, user_agent, address, created_at, last_used_at, expires_at)
      SELECT uuidv7(), person_id, tenant_id, 'bench', '127.0.0.1', now(), now(), now() + interval '1 day'
      FROM platform.memberships`)
  const { rows } = await admin.query<Company>(
    'SELECT current_tenant AS tenant, person_id AS person, id AS session FROM platform.sessions ORDER BY id',
  )
  return rows
}

/** Colleagues of a company's person, all signed in. */
export async function addColleagues(
  { admin }: World,
  { tenant }: Company,
  count: number,
): Promise<Company[]> {
  const { rows } = await admin.query<Company>(
    `WITH person AS (
      INSERT INTO platform.people (id, email, name, password_hash)
      SELECT uuidv7(), 'bo' || number || '@firma.example', 'Bo ' || number, '' FROM generate_series(1, $2::integer) number
      RETURNING id, email),
    member AS (
      INSERT INTO platform.memberships (tenant_id, person_id, email, role)
      SELECT $1, id, email, 'employee' FROM person RETURNING person_id)
    INSERT INTO platform.sessions
      (id, person_id, current_tenant, user_agent, address, created_at, last_used_at, expires_at)
    SELECT uuidv7(), person_id, $1, 'bench', '127.0.0.1', now(), now(), now() + interval '1 day' FROM member
    RETURNING current_tenant AS tenant, person_id AS person, id AS session`,
    [tenant, count],
  )
  return rows
}

/** A real access token for each company's person. */
export async function accessTokensOf({ secret }: World, companies: readonly Company[]): Promise<string[]> {
  const tokens = createAccessTokens(deriveIdentityKeys(secret).accessTokens, { now: () => new Date() })
  return Promise.all(companies.map((company) => tokens.issue(company)))
}

/** Brings statistics and visibility up to date, so that plans and index-only scans are those of a settled database. */
export async function settle(admin: pg.Client): Promise<void> {
  await admin.query('VACUUM (ANALYZE)')
  await admin.query('CHECKPOINT')
}
