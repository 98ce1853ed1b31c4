import { z } from 'zod'
import { changed, fail, idOf, inOrder, operation, sent, show, sql, type WriteContext } from '#core'
import { importAdvanced, importFinished } from '../events.ts'
import { ImportModel } from './import.model.ts'
import { Import, imports } from './import.ts'
import { employers } from './employers.ts'
import { colleagues, knownContacts } from './known.ts'
import { planOf } from './plan.ts'
import { readRows, type WaitingRow } from './rows.ts'
import { storePlan, storeRefused } from './store.ts'

/**
 * Called again and again until `finished`. Each call commits its rows and its progress together, so an import that
 * was cut off goes on where it stopped, and no row is taken twice.
 */
export const advanceImport = operation({
  name: 'crm.imports.advance',
  summary: 'Import only the next rows of a file; starting the import does all of it in the background',
  effect: 'write',
  input: z.strictObject({ id: idOf(imports) }),
  output: Import,
  async run({ id }, context) {
    const { job, chunk } = await nextChunk(context, id)
    if (job.status === 'finished' || job.status === 'cancelled') return show(context, imports, id)
    if (!chunk) return finish(context, job)
    const { read, refused } = readRows(chunk.rows, job.headers, job.columns)
    const [contacts, employersOfRows, owners] = await inOrder(
      knownContacts(context, read, job.idSource),
      employers(context, read),
      colleagues(context),
    )
    const { whenKnown, idSource } = job
    const plan = planOf(read, { contacts, employers: employersOfRows, colleagues: owners, whenKnown })
    const [stored] = await inOrder(
      storePlan(context, plan, idSource),
      storeRefused(context, id, refused),
      context.query(sql`DELETE FROM crm.import_chunks WHERE import_id = ${id} AND place = ${chunk.place}`),
    )
    const done = job.done + chunk.rows.length
    return progress(context, job, {
      done,
      created: job.created + plan.made.length,
      updated: job.updated + stored.changed,
      skipped: job.skipped + plan.skipped + plan.changed.length - stored.changed,
      failed: job.failed + refused.length,
      status: done >= job.total ? 'finished' : 'running',
    })
  },
})

interface Chunk {
  readonly place: number
  readonly rows: readonly WaitingRow[]
}

/**
 * The import and the rows that are next. One import of a company goes on at a time, so that no two of them make the
 * same contact, and no two calls take the same rows.
 */
async function nextChunk(context: WriteContext, id: string) {
  const alone = context.query(
    sql`SELECT pg_advisory_xact_lock(hashtextextended('crm.imports ' || ${context.tenant.id}, 0))`,
  )
  const found = ImportModel.findOne({ where: { id }, lock: true })
  await sent(found)
  const [, job, chunks] = await inOrder(
    alone,
    found,
    context.query<Chunk>(
      sql`SELECT place, rows FROM crm.import_chunks WHERE import_id = ${id} ORDER BY place LIMIT 1`,
    ),
  )
  return { job: job ?? fail('not_found'), chunk: chunks[0] }
}

type Progress = Partial<Pick<ImportModel, 'done' | 'created' | 'updated' | 'skipped' | 'failed'>> & {
  readonly status: 'running' | 'finished'
}

async function progress(context: WriteContext, job: ImportModel, made: Progress) {
  const shown = await changed(context, imports, job.id, ImportModel.update(made, { where: { id: job.id } }))
  const { created, updated, failed, done, total } = shown
  context.emit(importAdvanced, { id: job.id, done, total })
  if (made.status === 'finished') context.emit(importFinished, { id: job.id, created, updated, failed })
  return shown
}

const finish = (context: WriteContext, job: ImportModel) => progress(context, job, { status: 'finished' })
