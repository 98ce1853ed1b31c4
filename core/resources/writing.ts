import type { z } from 'zod'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { ReadContext, WriteContext } from '../operations/context.ts'
import { itemStatement, type Resource } from './resource.ts'

/**
 * Resolves once what models were told to write is on the wire. Sequelize prepares a statement in promises' reactions
 * only, and ticks come after all of those: so it has been sent by then, within this same turn of the event loop, in
 * which no answer can come. Whatever is asked afterwards stands behind it in the same exchange: a re-read sees the
 * write without having waited for it.
 */
export async function sent(...writes: readonly Promise<unknown>[]): Promise<void> {
  for (const write of writes) write.catch(() => undefined)
  await Promise.resolve()
  await new Promise<void>((resolve) => process.nextTick(resolve))
}

/** Awaits statements in the order they were sent, so that the first refusal is told and not its aftermath. */
export async function inOrder<Results extends readonly unknown[]>(
  ...statements: { readonly [Index in keyof Results]: Promise<Results[Index]> }
): Promise<Results> {
  for (const statement of statements) statement.catch(() => undefined)
  const results: unknown[] = []
  for (const statement of statements) results.push(await statement)
  return results as unknown as Results
}

/** The thing as `get` shows it, read in this transaction. */
export async function show<Item extends z.ZodObject>(
  context: ReadContext | WriteContext,
  of: Resource<Item>,
  id: string,
): Promise<z.output<Item>> {
  const [row] = await context.query<{ json: string }>(itemStatement(of as unknown as Resource, id))
  return row ? (JSON.parse(row.json) as z.output<Item>) : fail('not_found')
}

/** Sends what goes with a new row and the re-read behind it, and answers the thing as it is now. */
export async function created<Item extends z.ZodObject>(
  context: WriteContext,
  of: Resource<Item>,
  id: string,
  creation: Promise<unknown>,
  more: () => readonly Promise<unknown>[] = () => [],
): Promise<z.output<Item>> {
  await sent(creation)
  const answers = await inOrder(creation, ...more(), show(context, of, id))
  return answers.at(-1) as z.output<Item>
}

/**
 * Sends further statements and the re-read behind an update, and answers the thing as it is now. An update that met
 * no row means that the thing is not there, or that its version has moved on.
 */
export async function changed<Item extends z.ZodObject>(
  context: WriteContext,
  of: Resource<Item>,
  id: string,
  update: Promise<[affected: number]>,
  more: () => readonly Promise<unknown>[] = () => [],
): Promise<z.output<Item>> {
  await sent(update)
  const answers = await inOrder(update, ...more(), show(context, of, id))
  const [[affected]] = answers as unknown as [[number]]
  if (affected === 0) fail('version_conflict')
  return answers.at(-1) as z.output<Item>
}

/**
 * Deletes the thing, and answers it as it was. `destroy` says how many rows that were: none means that the version of
 * the thing has moved on.
 */
export async function removed<Item extends z.ZodObject>(
  context: WriteContext,
  of: Resource<Item>,
  id: string,
  destroy: (item: z.output<Item>) => Promise<number>,
): Promise<z.output<Item>> {
  const item = await show(context, of, id)
  if ((await destroy(item)) === 0) fail('version_conflict')
  return item
}

/** Not an interface, because Sequelize takes none as a condition. */
export type Expected = { id: string; version?: number }

/** The row to change: this one, and where a version is given, only while it is still that version. */
export const expected = ({ id, version }: { id: string; version?: number | undefined }): Expected =>
  version === undefined ? { id } : { id, version }

/** Refuses a person who is no colleague, exactly as one who does not exist. */
export async function requireColleague(
  context: WriteContext,
  person: string | null | undefined,
): Promise<void> {
  if (!person) return
  const known = await context.query(sql`SELECT 1 FROM platform.members WHERE id = ${person}`)
  if (known.length === 0) fail('not_found')
}

type Present<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> }

/** What was given, without what was not: a column that is not named keeps its value. */
export const present = <Values extends object>(values: Values): Present<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Values>
