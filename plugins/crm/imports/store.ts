import { v7 as uuidv7 } from 'uuid'
import { inOrder, raw, sql, type WriteContext } from '#core'
import type { Plan, PlannedRow } from './plan.ts'
import type { RefusedWaitingRow } from './rows.ts'

const shape =
  raw(`row(id uuid, name text, title text, company_id uuid, owner_id uuid, emails jsonb, phones jsonb,
  address text, postcode text, city text, country text, created_at timestamptz)`)

/** Stores a planned batch in a handful of statements, however many rows it is; answers how many rows really changed. */
export async function storePlan(
  context: WriteContext,
  plan: Plan,
  idSource: string,
): Promise<{ changed: number }> {
  const all = [...plan.made, ...plan.changed]
  const [, changed] = await inOrder(
    insertNew(context, plan.made),
    updateKnown(context, plan.changed),
    ...tagAll(context, all),
    rememberIds(context, all, idSource),
    noteAll(context, plan.made),
  )
  return { changed: (changed as readonly unknown[]).length }
}

function insertNew(context: WriteContext, rows: readonly PlannedRow[]): Promise<unknown[]> {
  return context.query(sql`
    INSERT INTO crm.contacts (tenant_id, id, name, title, company_id, owner_id, emails, phones, address, postcode, city,
      country, created_at)
    SELECT ${context.tenant.id}, id, name, title, company_id, owner_id, emails, phones, address, postcode, city, country,
      coalesce(created_at, now())
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS ${shape}`)
}

/** What the file says of a known contact wins; what it is silent about stays. A row that says nothing new writes nothing. */
function updateKnown(context: WriteContext, rows: readonly PlannedRow[]): Promise<unknown[]> {
  if (rows.length === 0) return Promise.resolve([])
  return context.query(sql`
    UPDATE crm.contacts t SET name = row.name, title = coalesce(row.title, t.title),
      company_id = coalesce(row.company_id, t.company_id), owner_id = coalesce(row.owner_id, t.owner_id),
      emails = row.emails, phones = row.phones, address = coalesce(row.address, t.address),
      postcode = coalesce(row.postcode, t.postcode), city = coalesce(row.city, t.city),
      country = coalesce(row.country, t.country)
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS ${shape}
    WHERE t.tenant_id = ${context.tenant.id} AND t.id = row.id AND (t.name, t.title, t.company_id, t.owner_id, t.emails,
      t.phones, t.address, t.postcode, t.city, t.country) IS DISTINCT FROM (row.name, coalesce(row.title, t.title),
      coalesce(row.company_id, t.company_id), coalesce(row.owner_id, t.owner_id), row.emails, row.phones,
      coalesce(row.address, t.address), coalesce(row.postcode, t.postcode), coalesce(row.city, t.city),
      coalesce(row.country, t.country))
    RETURNING t.id`)
}

function tagAll(context: WriteContext, rows: readonly PlannedRow[]): Promise<unknown>[] {
  const tagged = rows.flatMap(({ id, tags }) => tags.map((name) => ({ id, name })))
  if (tagged.length === 0) return []
  const names = [...new Set(tagged.map(({ name }) => name))]
  return [
    context.query(sql`
      INSERT INTO crm.tags (tenant_id, id, name)
      SELECT ${context.tenant.id}, id, name FROM unnest(${names.map(() => uuidv7())}::uuid[], ${names}::text[]) g(id, name)
      ON CONFLICT ON CONSTRAINT tag_name DO NOTHING`),
    context.query(sql`
      INSERT INTO crm.contact_tags (tenant_id, contact_id, tag_id)
      SELECT g.tenant_id, row.id, g.id FROM jsonb_to_recordset(${JSON.stringify(tagged)}::jsonb) AS row(id uuid, name text)
      JOIN crm.tags g ON g.folded_name = crm.fold_plain(row.name)
      ON CONFLICT DO NOTHING`),
  ]
}

/** A contact that is called by our own id needs no other; an id that is somebody's already stays theirs. */
function rememberIds(context: WriteContext, rows: readonly PlannedRow[], idSource: string): Promise<unknown> {
  const given = rows.flatMap(({ id, external_ids }) =>
    external_ids.filter((external) => external !== id).map((external_id) => ({ external_id, id })),
  )
  if (given.length === 0) return Promise.resolve()
  return context.query(sql`
    INSERT INTO crm.contact_external_ids (tenant_id, source, external_id, contact_id)
    SELECT ${context.tenant.id}, ${idSource}, external_id, id
    FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS row(external_id text, id uuid) ON CONFLICT DO NOTHING`)
}

function noteAll(context: WriteContext, rows: readonly PlannedRow[]): Promise<unknown> {
  const notes = rows.flatMap(({ id, company_id, note }) =>
    note === null ? [] : [{ id: uuidv7(), contact_id: id, company_id, subject: firstLine(note), body: note }],
  )
  if (notes.length === 0) return Promise.resolve()
  return context.query(sql`
    INSERT INTO crm.activities (tenant_id, id, kind, subject, body, at, contact_id, company_id)
    SELECT ${context.tenant.id}, id, 'note', subject, body, now(), contact_id, company_id
    FROM jsonb_to_recordset(${JSON.stringify(notes)}::jsonb)
      AS row(id uuid, subject text, body text, contact_id uuid, company_id uuid)`)
}

const firstLine = (text: string): string =>
  Array.from(text.split('\n', 1)[0] ?? '')
    .slice(0, 200)
    .join('')

export function storeRefused(
  context: WriteContext,
  importId: string,
  refused: readonly RefusedWaitingRow[],
): Promise<unknown> {
  if (refused.length === 0) return Promise.resolve()
  const rows = refused.map(({ fault: { line, column, message }, cells }) => ({
    line,
    cells,
    column_name: column,
    ...message,
  }))
  return context.query(sql`
    INSERT INTO crm.import_faults (tenant_id, import_id, line, cells, column_name, da, en)
    SELECT ${context.tenant.id}, ${importId}, line, cells, column_name, da, en
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS row(line integer, cells text[], column_name text, da text, en text) ON CONFLICT DO NOTHING`)
}
