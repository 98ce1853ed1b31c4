import { sql, type ReadContext, type Statement } from '#core'

/** Two rows that have something in common, and so may be the same. */
export interface Pair<Candidate> {
  readonly one: Candidate
  readonly other: Candidate
}

/** What more rows than this have in common, such as a switchboard, tells none of them from the others. */
const mostAlike = 20
const mostPairs = 5_000

/**
 * The pairs of rows `c` of the table that share a key; there are few of them, so only these are compared.
 * `keys` selects `(id, key)` of every row, `shown` is the JSON that a row is compared by.
 */
export const pairsSharing = <Candidate>(
  context: ReadContext,
  table: Statement,
  keys: Statement,
  shown: Statement,
): Promise<Pair<Candidate>[]> =>
  context.query<Pair<Candidate>>(sql`
    WITH keys AS MATERIALIZED (SELECT DISTINCT id, key FROM (${keys}) k),
    shared AS (SELECT key FROM keys GROUP BY key HAVING count(*) BETWEEN 2 AND ${mostAlike}),
    pairs AS (
      SELECT DISTINCT a.id AS one, b.id AS other
      FROM shared s JOIN keys a ON a.key = s.key JOIN keys b ON b.key = s.key AND b.id > a.id LIMIT ${mostPairs}
    )
    SELECT (SELECT ${shown} FROM ${table} c WHERE c.id = p.one) AS one,
      (SELECT ${shown} FROM ${table} c WHERE c.id = p.other) AS other
    FROM pairs p`)

/** Judged pairs that are worth showing to a person, the surest first. */
export const surest = <Judged extends { readonly score: number; readonly name: string }>(
  judged: readonly Judged[],
  least: number,
  limit: number,
): Judged[] =>
  judged
    .filter(({ score }) => score >= least)
    .toSorted((left, right) => right.score - left.score || left.name.localeCompare(right.name, 'da'))
    .slice(0, limit)
