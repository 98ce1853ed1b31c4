import { fail } from '../errors.ts'
import { raw, sql, type Raw, type Statement } from '../database/sql.ts'
import type { Sort } from './resource.ts'

/** Where a page ended: the value it was ordered by and the id that breaks ties. */
interface Cursor {
  readonly sort: string
  readonly value: string
  readonly id: string
}

const shape = /^[A-Za-z0-9_-]{1,4000}$/
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads an opaque cursor; one that was made for another order, or by hand, is refused with a sentence. */
export function readCursor(text: string, sort: string): Cursor {
  const [madeFor, value, id] = decode(text)
  if (madeFor !== sort || typeof value !== 'string' || typeof id !== 'string' || !uuid.test(id)) refuse()
  return { sort, value, id }
}

/** The cursor of row `t`, made by PostgreSQL: base64url of `[sort, value, id]`. The sort is one that the resource names. */
export function cursorExpression(sort: string, { expression }: Sort): Statement {
  const plain = sql`convert_to(json_build_array(${raw(`'${sort}'`)}::text, (${expression})::text, t.id)::text, 'UTF8')`
  return sql`translate(encode(${plain}, 'base64'), E'+/=\n', '-_')`
}

/** Rows after the cursor in the given direction. */
export function afterCursor(
  { value, id }: Cursor,
  { expression, type }: Sort,
  direction: Direction,
): Statement {
  const than = raw(direction === 'ASC' ? '>' : '<')
  return sql`(${expression}, t.id) ${than} (${value}::text::${raw(type)}, ${id}::uuid)`
}

export type Direction = 'ASC' | 'DESC'

export const orderBy = ({ expression }: Sort, direction: Direction): Raw =>
  raw(`${expression.text} ${direction}, t.id ${direction}`)

function decode(text: string): unknown[] {
  if (!shape.test(text)) refuse()
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return Array.isArray(decoded) ? decoded : refuse()
  } catch {
    return refuse()
  }
}

const misfit = {
  da: 'cursor passer ikke til listen. Begynd forfra uden cursor.',
  en: 'the cursor does not fit this list. Start again without it.',
}

function refuse(): never {
  fail('invalid_input', { problem: misfit, issues: [{ path: 'cursor', message: misfit.en }] })
}
