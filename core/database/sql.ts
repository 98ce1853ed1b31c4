/** Only this file can make the mark, so a value from a request can never pass for a piece of a statement. */
const mark = Symbol('sql')

/** A statement and its parameters, never joined: the text holds `$1`, the values travel apart. */
export interface Statement {
  readonly [mark]: 'statement'
  readonly text: string
  readonly values: readonly unknown[]
  /** When set, the server keeps the plan under this name; the same name must always mean the same text. */
  readonly name?: string
}

export interface Raw {
  readonly [mark]: 'raw'
  readonly text: string
}

/** Text that is part of the program (an identifier, a keyword), never of a request. */
export const raw = (text: string): Raw => ({ [mark]: 'raw', text })

/** A quoted identifier, schema and all: `crm.contacts` becomes `"crm"."contacts"`. */
export function identifier(name: string): Raw {
  const parts = name.split('.').map((part) => `"${part.replaceAll('"', '""')}"`)
  return raw(parts.join('.'))
}

/** Writes a parameterised statement: values become `$n`, nested statements and raw pieces are spliced in. */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Statement {
  const values: unknown[] = []
  let text = strings[0] ?? ''
  parts.forEach((part, index) => {
    text += render(part, values) + (strings[index + 1] ?? '')
  })
  return { [mark]: 'statement', text, values }
}

/** Joins statements with a separator that is part of the program, such as `', '` or `' AND '`. */
export function join(statements: readonly (Statement | Raw)[], separator: string): Statement {
  const values: unknown[] = []
  const text = statements.map((statement) => render(statement, values)).join(separator)
  return { [mark]: 'statement', text, values }
}

/** The same statement, planned once per connection under a name; without a name it is planned each time. */
export const prepared = (name: string | undefined, statement: Statement): Statement =>
  name === undefined ? statement : { ...statement, name }

/** The same text for other values of the same places: for a long text that is written once. */
export const withValues = (statement: Statement, values: readonly unknown[]): Statement => ({
  ...statement,
  values,
})

/**
 * Stands in the FROM of a statement whose commit need not wait for the disk, because what a crash of the server undoes of
 * it is done again. What is committed later and waits is never kept without it (PostgreSQL: Asynchronous Commit).
 */
export const unhurried = raw(`set_config('synchronous_commit', 'off', true)`)

function render(part: unknown, values: unknown[]): string {
  if (!isMarked(part)) {
    values.push(part)
    return `$${values.length}`
  }
  if (part[mark] === 'raw') return part.text
  const offset = values.length
  if (part.values.length === 0) return part.text
  values.push(...part.values)
  return part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`)
}

const isMarked = (part: unknown): part is Statement | Raw =>
  typeof part === 'object' && part !== null && mark in part
