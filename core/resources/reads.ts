import { z } from 'zod'
import { identifier, join, prepared, raw, sql, withValues, type Statement } from '../database/sql.ts'
import { operation, type Operation, type Who } from '../operations/operation.ts'
import type { OperationName } from '../operations/name.ts'
import { afterCursor, cursorExpression, orderBy, readCursor, type Direction } from './cursor.ts'
import { itemColumns, itemStatement, visibleRows, type Resource, type Sort } from './resource.ts'
import { statementName } from './statementName.ts'

export interface Named<Name extends string> {
  readonly name: Name & OperationName<Name>
  readonly summary: string
  readonly untrusted?: boolean
  readonly personOnly?: true
}

const largestPage = 200
/** Pages are fetched in a few sizes, so that a few plans serve all of them. */
const pageSizes = [20, 50, 100, largestPage]
/** Kept texts of one list; a client that asks in ever new combinations does not fill the memory. */
const mostPages = 1_000
/** What a list counts at most: beyond it people read "many", and counting would take as long as the company is large. */
export const mostCounted = 10_000

/** A list by filters, order, search and cursor: the standard verb `list`, on the fast path. */
export function listOperation<const Name extends string, Item extends z.ZodObject>(
  of: Resource<Item>,
  named: Named<Name>,
) {
  const input = listInput(of)
  const output = z.object({
    items: z.array(of.item),
    nextCursor: z.string().nullable(),
    total: z
      .int()
      .optional()
      .meta({
        description: `How many there are on all pages, where \`count\` was asked; ${mostCounted} is that many or more.`,
      }),
  })
  return operation({
    ...named,
    effect: 'read',
    input,
    output,
    query: (asked: ListInput, who: Who) => listStatement(of as Resource, asked, who),
  } as never) as Operation<Name, 'read', typeof input, typeof output>
}

/** One thing by its id: the standard verb `get`, on the fast path. */
export function getOperation<const Name extends string, Item extends z.ZodObject>(
  of: Resource<Item>,
  named: Named<Name>,
) {
  const input = z.object({ id: idOf(of) })
  return operation({
    ...named,
    effect: 'read',
    input,
    output: of.item,
    query: ({ id }: { id: string }, who: Who) => planned(itemStatement(of as Resource, id, who)),
  } as never) as Operation<Name, 'read', typeof input, Item>
}

interface ListInput {
  readonly limit: number
  readonly cursor?: string
  readonly q?: string
  readonly sort?: string
  readonly count?: boolean
  readonly [filter: string]: unknown
}

/** The id of a thing of this resource; models read from `refers` how to find it. */
export const idOf = (of: Pick<Resource, 'table'>): z.ZodUUID => z.uuid().meta({ refers: of.table })

function listInput({ filters = {}, sorts = {}, search }: Resource) {
  const sortNames = Object.keys(sorts).flatMap((name) => [name, `-${name}`])
  const shape: Record<string, z.ZodType> = {
    limit: z.int().min(1).max(largestPage).default(20),
    cursor: z.string().max(4_000).optional(),
    count: z
      .boolean()
      .optional()
      .meta({ kind: 'count', description: 'true to be told in `total` how many there are on all pages' }),
    ...(search && { q: z.string().trim().min(1).max(200).optional().meta({ kind: 'text' }) }),
    ...(sortNames.length > 0 && { sort: z.enum(sortNames as [string, ...string[]]).optional() }),
  }
  for (const [name, { schema }] of Object.entries(filters)) shape[name] = schema.optional()
  return z.strictObject(shape)
}

/** Rows that a search gives at most: the likest, of which filters leave some. */
const mostFound = 200

/** What a list is ordered by: the name that was asked for, the expression, the direction. */
type Order = readonly [string, Sort, Direction]

const relevance: Sort = { expression: raw('found.rank'), type: 'integer' }
const byId: Sort = { expression: raw('0'), type: 'integer' }

function chosenSort({ sorts = {}, defaultSort }: Resource, { sort, q }: ListInput): Order {
  const wanted = sort ?? (q === undefined ? defaultSort : undefined)
  if (wanted === undefined) return q === undefined ? ['', byId, 'ASC'] : ['-relevance', relevance, 'DESC']
  const name = wanted.replace(/^-/, '')
  return [wanted, sorts[name] as Sort, wanted.startsWith('-') ? 'DESC' : 'ASC']
}

function listStatement(of: Resource, asked: ListInput, who: Who): Statement {
  const order = chosenSort(of, asked)
  const rows = rowsStatement(of, asked, who, order)
  const total = asked.count ? totalStatement(of, asked, who) : undefined
  const { limit } = asked
  return withValues(pageStatement(of, order, rows, total), [
    ...rows.values,
    limit,
    limit,
    limit,
    ...(total?.values ?? []),
  ])
}

/** One row more than the page, so that it shows whether another page follows. */
function rowsStatement(of: Resource, asked: ListInput, who: Who, [name, sort, direction]: Order): Statement {
  const size = pageSizes.find((candidate) => candidate >= asked.limit) ?? largestPage
  return sql`
    SELECT t.*${raw(asked.q === undefined ? '' : ', found.rank')} FROM ${source(of, asked.q)}
    WHERE ${join(conditions(of, asked, name, sort, direction), ' AND ')} AND ${visibleRows(of, who)}
    ORDER BY ${orderBy(sort, direction)} LIMIT ${raw(String(size + 1))}`
}

/** How many rows there are on all pages. */
function totalStatement(of: Resource, asked: ListInput, who: Who): Statement {
  return sql`SELECT count(*)::int FROM (SELECT FROM ${source(of, asked.q)}
    WHERE ${join(narrowed(of, asked), ' AND ')} AND ${visibleRows(of, who)} LIMIT ${raw(String(mostCounted))}) counted`
}

const pages = new WeakMap<Resource, Map<string, Statement>>()

/** The page around these rows: a long text of few variants, so each is written once, without its values. */
function pageStatement(of: Resource, [name, sort]: Order, rows: Statement, total?: Statement): Statement {
  const known = pages.get(of) ?? new Map<string, Statement>()
  pages.set(of, known)
  const key = `${name} ${rows.text} ${total?.text ?? ''}`
  const page = known.get(key) ?? withValues(planned(pageOf(of, name, outer(sort), rows, total)), [])
  if (known.size < mostPages) known.set(key, page)
  return page
}

/**
 * Rows are aggregated in the order that the inner select gives them. The cursor is made for the last row alone:
 * an aggregate computes nothing for rows that its filter leaves out.
 */
function pageOf(of: Resource, name: string, sort: Sort, rows: Statement, total?: Statement): Statement {
  const limit = 0
  const counted = total ? sql`, 'total', (${total})` : sql``
  return sql`WITH t AS (SELECT t.*, row_number() OVER () AS place FROM (${rows}) t)
    SELECT json_build_object(
      'items', coalesce(json_agg(item) FILTER (WHERE t.place <= ${limit}::int), '[]'),
      'nextCursor', CASE WHEN count(*) > ${limit}::int
        THEN min(${cursorExpression(name, sort)}) FILTER (WHERE t.place = ${limit}::int) END${counted})::text AS json
    FROM t, LATERAL (${itemColumns(of)}) item`
}

/** Outside the inner select a found row's rank is a column of `t` like the others. */
const outer = (sort: Sort): Sort => (sort === relevance ? { ...sort, expression: raw('t.rank') } : sort)

function source({ table, search }: Resource, q: string | undefined): Statement {
  if (q === undefined || !search) return sql`${identifier(table)} t`
  return sql`${identifier(search)}(${q}, ${raw(String(mostFound))}) found JOIN ${identifier(table)} t ON t.id = found.id`
}

function conditions(
  of: Resource,
  asked: ListInput,
  name: string,
  sort: Sort,
  direction: Direction,
): Statement[] {
  const after =
    asked.cursor === undefined ? [] : [afterCursor(readCursor(asked.cursor, name), sort, direction)]
  return [...narrowed(of, asked), ...after]
}

/** The rows of all pages. */
function narrowed({ filters = {} }: Resource, asked: ListInput): Statement[] {
  const chosen = Object.entries(filters)
    .filter(([field]) => asked[field] !== undefined)
    .map(([field, { where }]) => where(asked[field] as never))
  return [sql`t.tenant_id = (SELECT app.tenant())`, ...chosen]
}

const planned = (statement: Statement): Statement => prepared(statementName(statement.text), statement)
