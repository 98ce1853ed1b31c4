import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Database } from './database.ts'
import { DatabaseFault } from './databaseFault.ts'
import { sql } from './sql.ts'

interface RuntimeLogin {
  readonly role: string
  readonly password: string
  readonly secret: Buffer
}

/**
 * Three roles nobody logs in as (the owner of tables, the rights of the runtime, the owner of reviewed functions)
 * and one login per database that has the runtime's rights. Everything here may be repeated.
 */
export async function prepareRoles(admin: pg.Client): Promise<RuntimeLogin> {
  for (const role of ['tekup_owner', 'tekup_app', 'tekup_definer']) await createRole(admin, role, 'NOLOGIN')
  await admin.query(`
    GRANT tekup_owner TO CURRENT_USER;
    GRANT tekup_definer TO tekup_owner;
    DO $$ BEGIN
      EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO tekup_owner', current_database());
      EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    END $$;
    CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION tekup_owner;
    GRANT USAGE ON SCHEMA app TO tekup_app, tekup_definer;
    SET ROLE tekup_owner;
    CREATE TABLE IF NOT EXISTS app.migrations (
      domain text NOT NULL, name text NOT NULL, checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (domain, name));
    CREATE TABLE IF NOT EXISTS app.installation (key text PRIMARY KEY, value bytea NOT NULL);
    RESET ROLE`)
  await requireExtension(admin, 'pg_trgm')
  await admin.query(ensureUuidv7)
  const secret = await installationValue(admin, 'secret')
  const password = (await installationValue(admin, 'runtime_password')).toString('base64url')
  const role = await prepareLogin(admin, 'tekup_login', password)
  await admin.query(`GRANT tekup_app TO ${role}`)
  return { role, password, secret }
}

/** Roles belong to the whole server, so another database's start may be creating the same one right now. */
async function createRole(admin: pg.Client, role: string, attributes: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount) return
  await admin
    .query(`CREATE ROLE ${pg.escapeIdentifier(role)} ${attributes}`)
    .catch((error: pg.DatabaseError) => {
      if (error.code !== '42710' && error.code !== '23505') throw error
    })
}

async function requireExtension(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`CREATE EXTENSION IF NOT EXISTS ${pg.escapeIdentifier(name)} SCHEMA public`)
}

/**
 * UUIDv7 (RFC 9562, section 5.7) where the server, older than 18, has none: 48 bits of Unix milliseconds in front of a
 * random UUID, whose version 4 becomes 7.
 */
const ensureUuidv7 = `
  DO $$ BEGIN
    IF to_regprocedure('pg_catalog.uuidv7()') IS NULL AND to_regprocedure('public.uuidv7()') IS NULL THEN
      CREATE FUNCTION public.uuidv7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE SET search_path = pg_catalog AS $f$
        SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
          PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
          52, 1), 53, 1), 'hex')::uuid
      $f$;
    END IF;
  END $$`

/** 32 random bytes, made once; only the owner of the tables can read them. */
export async function installationValue(admin: pg.Client, key: string): Promise<Buffer> {
  await admin.query('INSERT INTO app.installation (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    key,
    randomBytes(32),
  ])
  const { rows } = await admin.query<{ value: Buffer }>('SELECT value FROM app.installation WHERE key = $1', [
    key,
  ])
  return rows[0]!.value
}

/** A login of this database alone, whose name begins so. */
export async function prepareLogin(admin: pg.Client, prefix: string, password: string): Promise<string> {
  const { rows } = await admin.query<{ name: string; oid: string }>(
    'SELECT datname AS name, oid::text FROM pg_database WHERE datname = current_database()',
  )
  const role = `${prefix}_${rows[0]!.oid}`
  await createRole(admin, role, 'LOGIN NOINHERIT')
  // Nothing here that takes a superuser to say, even of a role that is none; requireBoundLogin refuses one that is.
  await admin.query(`
    ALTER ROLE ${role} WITH LOGIN INHERIT NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)};
    GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(rows[0]!.name)} TO ${role}`)
  return role
}

interface Login {
  readonly role: string
  readonly superuser: boolean
  readonly bypass: boolean
  readonly owner: boolean
}

/** Refuses a runtime login that row-level security would not bind. */
export async function requireBoundLogin(database: Database): Promise<void> {
  const [login] = await database.platform(({ query }) =>
    query<Login>(sql`
      SELECT r.rolname AS role, r.rolsuper AS superuser, r.rolbypassrls AS bypass,
        EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
          WHERE pg_has_role(r.oid, c.relowner, 'USAGE') AND c.relkind IN ('r', 'p')) AS owner
      FROM pg_roles r WHERE r.rolname = current_user`),
  )
  if (login && !login.superuser && !login.bypass && !login.owner) return
  throw new DatabaseFault(
    `The runtime login "${login?.role}" is not bound by row-level security. Use one that is.`,
  )
}
