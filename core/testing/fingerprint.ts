import type pg from 'pg'

/** A digest of every tenant's rows but what reads add to: the trail, and the label of whoever has read outsiders' words. */
export async function fingerprint(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(`
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'app', 'public')
      AND c.oid NOT IN ('platform.audit'::regclass, 'platform.mcp_untrusted'::regclass) ORDER BY 1`)
  const digests = rows.map(
    ({ name }) => `(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM ${name} t)`,
  )
  const answer = await admin.query<{ digest: string }>(
    `SELECT concat_ws(' ', ${digests.join(', ')}) AS digest`,
  )
  return answer.rows[0]!.digest
}
