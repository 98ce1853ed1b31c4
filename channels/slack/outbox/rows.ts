import { v7 as uuidv7 } from 'uuid'
import { join, sql, type Database, type Statement } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Content, NewRow, Row } from './row.ts'

/** A row whose lease has run out has lost its process: nobody moved the lease on. */
export const leaseSeconds = 60

export type Rows = ReturnType<typeof createRows>

export interface Kept {
  readonly row: Row
  /** It was not there before, and is ours to send. */
  readonly isNew: boolean
}

/** The rows of `slack.outbox`. Each writes with the attempt that it claimed, so that a process that was taken for dead writes nothing. */
export function createRows(database: Database) {
  return {
    /** Keeps the first, with others beside it, unless its key is known. */
    keep: (row: NewRow, beside: readonly NewRow[] = []) => keep(database, row, beside),
    /**
     * Keeps it in one statement with a change that lets it be kept and returns a row. Nothing where that changed nothing, unless
     * its key is known.
     */
    keepWith: (row: NewRow, change: Statement) => keepWith(database, row, change),
    /** An answer that is made becomes one that is to be sent; false where another process has it. */
    commit: (row: Row, content: Content, sent: readonly string[], beside: readonly NewRow[]) =>
      commit(database, row, content, sent, beside),
    read: async ({ tenant, id }: Place): Promise<Row | undefined> =>
      (await database.read<Row>(tenant, sql`SELECT ${columns} FROM slack.outbox o WHERE ${at(tenant, id)}`))[0],
    byKey: ({ tenant, id }: Pick<Workspace, 'tenant' | 'id'>, key: string) => byKey(database, tenant, id, key),
    /** Takes a row that a dead process left. */
    claim: async ({ tenant, id }: Place): Promise<Row | undefined> =>
      (
        await database.write<Row>(
          tenant,
          sql`UPDATE slack.outbox o SET attempt = attempt + 1, lease_until = ${leaseEnd}
            WHERE ${at(tenant, id)} AND o.state = 'due' AND o.lease_until < now() RETURNING ${columns}`,
        )
      )[0],
    /** Goes on with an answer that another process was making; who asks for it knows that nobody else does. */
    takeOver: async ({ tenant, id }: Place): Promise<Row | undefined> =>
      (
        await database.write<Row>(
          tenant,
          sql`UPDATE slack.outbox o SET attempt = attempt + 1 WHERE ${at(tenant, id)} AND o.state = 'open' RETURNING ${columns}`,
        )
      )[0],
    saveSent: (row: Row, sent: readonly string[]) =>
      database.write(row.tenant, sql`UPDATE slack.outbox o SET sent = ${sent} WHERE ${ours(row)}`),
    saveFileId: (row: Row, id: string) =>
      database.write(row.tenant, sql`UPDATE slack.outbox o SET file_id = ${id} WHERE ${ours(row)}`),
    settle: (row: Row, sent: readonly string[]) =>
      database.write(
        row.tenant,
        sql`UPDATE slack.outbox o SET state = 'sent', sent = ${sent}, content = NULL, file = NULL, settled_at = now()
          WHERE ${ours(row)}`,
      ),
    refuse: (row: Row, code: string) =>
      database.write(
        row.tenant,
        sql`UPDATE slack.outbox o SET state = 'refused', error = ${code}, content = NULL, file = NULL, settled_at = now()
          WHERE ${ours(row)}`,
      ),
    /** Older words for the same message are not to come after newer ones. */
    supersede: (row: Row) =>
      database.write(
        row.tenant,
        sql`UPDATE slack.outbox o SET state = 'closed', content = NULL, settled_at = now()
          WHERE o.tenant_id = ${row.tenant} AND o.workspace_id = ${row.workspace} AND o.kind = 'update' AND o.state = 'due'
            AND o.channel = ${row.channel} AND o.sent = ${row.sent} AND o.id < ${row.id}`,
      ),
    renew: (tenant: string, ids: readonly string[]) =>
      database.write(
        tenant,
        sql`UPDATE slack.outbox SET lease_until = ${leaseEnd}
          WHERE tenant_id = ${tenant} AND id = ANY(${ids}::uuid[]) AND settled_at IS NULL`,
      ),
    /** Lets another process take them at once. */
    release: (tenant: string, ids: readonly string[]) =>
      database.write(
        tenant,
        sql`UPDATE slack.outbox SET lease_until = now() - interval '1 second'
          WHERE tenant_id = ${tenant} AND id = ANY(${ids}::uuid[]) AND settled_at IS NULL`,
      ),
    close: ({ tenant, id }: Pick<Workspace, 'tenant' | 'id'>) =>
      database.write(
        tenant,
        sql`UPDATE slack.outbox SET state = 'closed', content = NULL, file = NULL, settled_at = now()
          WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND settled_at IS NULL`,
      ),
    left: (most: number) =>
      database.platformStatement<Place>(sql`SELECT tenant, id FROM slack.left_in_outbox(${most})`),
    sweep: async (most: number): Promise<number> => {
      const [row] = await database.platformStatement<{ gone: number }>(sql`SELECT slack.sweep_outbox(${most}) AS gone`)
      return row?.gone ?? 0
    },
    workspaceOf: async ({ tenant, workspace }: Row): Promise<Workspace | undefined> =>
      (
        await database.read<Workspace>(
          tenant,
          sql`SELECT tenant_id AS tenant, id, app_id AS "appId", team_id AS "teamId", enterprise_id AS "enterpriseId",
              bot_user_id AS "botUserId", bot_id AS "botId", name
            FROM slack.workspaces WHERE tenant_id = ${tenant} AND id = ${workspace} AND ended_at IS NULL`,
        )
      )[0],
  } // prettier-ignore
}

interface Place {
  readonly tenant: string
  readonly id: string
}

const leaseEnd = sql`now() + make_interval(secs => ${leaseSeconds})`
const at = (tenant: string, id: string): Statement => sql`o.tenant_id = ${tenant} AND o.id = ${id}`
const ours = ({ tenant, id, attempt }: Row): Statement =>
  sql`${at(tenant, id)} AND o.attempt = ${attempt} AND o.settled_at IS NULL`

const columns = sql`o.tenant_id AS tenant, o.id, o.workspace_id AS workspace, o.kind, o.channel, o.thread, o.content, o.file,
  o.file_id AS "fileId", o.sent, o.state, o.attempt, o.error, o.created_at AS "createdAt"`

async function keep(database: Database, row: NewRow, beside: readonly NewRow[]): Promise<Kept> {
  const { tenant, workspace, key } = row
  const [kept] = await database.write<Row>(
    tenant,
    sql`WITH kept AS (${insert([row, ...beside])} RETURNING *)
      SELECT ${columns} FROM kept o WHERE o.key = ${key}`,
  )
  if (kept) return { row: kept, isNew: true }
  const known = await byKey(database, tenant, workspace, key)
  if (!known) throw new Error('A row of the outbox was swept while it was asked for again.')
  return { row: known, isNew: false }
}

async function keepWith(database: Database, row: NewRow, change: Statement): Promise<Kept | undefined> {
  const { tenant, workspace, key } = row
  const [kept] = await database.write<Row>(
    tenant,
    sql`WITH change AS (${change}), kept AS (
        INSERT INTO slack.outbox (${written}) SELECT ${fieldsOf(row)} FROM change
        ON CONFLICT (tenant_id, workspace_id, key) DO NOTHING RETURNING *)
      SELECT ${columns} FROM kept o`,
  )
  if (kept) return { row: kept, isNew: true }
  const known = await byKey(database, tenant, workspace, key)
  return known && { row: known, isNew: false }
}

async function byKey(
  { read }: Database,
  tenant: string,
  workspace: string,
  key: string,
): Promise<Row | undefined> {
  const [row] = await read<Row>(
    tenant,
    sql`SELECT ${columns} FROM slack.outbox o
      WHERE o.tenant_id = ${tenant} AND o.workspace_id = ${workspace} AND o.key = ${key}`,
  )
  return row
}

async function commit(
  database: Database,
  row: Row,
  content: Content,
  sent: readonly string[],
  beside: readonly NewRow[],
): Promise<boolean> {
  const besides = beside.length > 0 ? sql`, beside AS (${insert(beside)} RETURNING 1)` : sql``
  const done = await database.write(
    row.tenant,
    sql`WITH made AS (
        UPDATE slack.outbox o SET state = 'due', content = ${JSON.stringify(content)}::jsonb, sent = ${sent}, lease_until = ${leaseEnd}
        WHERE ${ours(row)} AND o.state = 'open' RETURNING o.id)${besides}
      SELECT id FROM made`,
  )
  return done.length > 0
}

const insert = (rows: readonly NewRow[]): Statement => sql`
  INSERT INTO slack.outbox (${written})
  VALUES ${join(
    rows.map((row) => sql`(${fieldsOf(row)})`),
    ', ',
  )} ON CONFLICT (tenant_id, workspace_id, key) DO NOTHING`

const written = sql`tenant_id, id, workspace_id, key, kind, channel, thread, content, file, sent, state, lease_until`

function fieldsOf({ tenant, workspace, key, kind, channel, thread, content, file, sent = [] }: NewRow): Statement {
  return sql`${tenant}::uuid, ${uuidv7()}::uuid, ${workspace}::uuid, ${key}::text, ${kind}::text, ${channel}::text, ${thread}::text,
    ${content ? JSON.stringify(content) : null}::jsonb, ${file ?? null}::bytea, ${sent}::text[],
    ${content ? 'due' : 'open'}::text, ${leaseEnd}`
} // prettier-ignore
