import { z } from 'zod'
import { fileOutput, getOperation, idOf, listOperation, operation, sql, type WriteContext } from '#core'
import { crmErrors } from '../errors.ts'
import { writeErrorFile } from '../exchange/errorFile.ts'
import { Version } from '../fields.ts'
import { changed, expected, present, show } from '../writing.ts'
import { advanceImport } from './advance.ts'
import { ImportModel } from './import.model.ts'
import { ColumnMapping, Import, imports, WhenKnown } from './import.ts'
import { createImport } from './receive.ts'
import { readRows, type WaitingRow } from './rows.ts'

const listImports = listOperation(imports, {
  name: 'crm.imports.list',
  summary: 'List the files that were or are being imported',
})

const getImport = getOperation(imports, {
  name: 'crm.imports.get',
  summary: 'Show how far an import has come',
})

const PreviewRow = z.object({
  line: z.int(),
  name: z.string().nullable(),
  title: z.string().nullable(),
  company: z.string().nullable(),
  emails: z.array(z.string()),
  phones: z.array(z.string()),
  tags: z.array(z.string()),
  /** Why the row would be refused. */
  fault: z.string().nullable(),
})

export const previewImport = operation({
  name: 'crm.imports.preview',
  summary: 'Show how the next rows of a file would be read with the present mapping',
  effect: 'read',
  input: z.strictObject({ id: idOf(imports) }),
  output: z.object({ items: z.array(PreviewRow), nextCursor: z.null() }),
  untrusted: true,
  async run({ id }, context) {
    const { headers, columns } = await show(context, imports, id)
    const [chunk] = await context.query<{ rows: WaitingRow[] }>(sql`
      SELECT jsonb_path_query_array(rows, '$[0 to 19]') AS rows FROM crm.import_chunks
      WHERE import_id = ${id} ORDER BY place LIMIT 1`)
    const { read, refused } = readRows(chunk?.rows ?? [], headers, columns)
    const taken = read.map(({ line, contact }) => ({ ...nobody, ...picked(contact), line }))
    const left = refused.map(({ fault }) => ({
      ...nobody,
      line: fault.line,
      fault: fault.message[context.locale],
    }))
    const items = [...taken, ...left].toSorted((one, other) => one.line - other.line)
    return { items, nextCursor: null }
  },
})

const nobody = { name: null, title: null, company: null, emails: [], phones: [], tags: [], fault: null }

type Draft = ReturnType<typeof readRows>['read'][number]['contact']

const picked = ({ name, title, company, emails, phones, tags }: Draft) => ({
  name,
  title: title ?? null,
  company: company ?? null,
  emails: [...emails],
  phones: [...phones],
  tags: [...tags],
})

export const updateImport = operation({
  name: 'crm.imports.update',
  summary: 'Choose what the columns of a file hold and what happens with contacts that are known',
  effect: 'write',
  input: z.strictObject({
    id: idOf(imports),
    columns: ColumnMapping.optional(),
    whenKnown: WhenKnown.optional(),
    version: Version.optional(),
  }),
  output: Import,
  async run({ id, version, ...given }, context) {
    await requireStatus(context, id, ['ready'])
    const columns = { ...present(given), updatedAt: context.clock.now() }
    return changed(context, imports, id, ImportModel.update(columns, { where: expected({ id, version }) }))
  },
})

export const cancelImport = operation({
  name: 'crm.imports.cancel',
  summary: 'Stop an import; what has been imported stays, the rest of the file is thrown away',
  effect: 'write',
  input: z.strictObject({ id: idOf(imports) }),
  output: Import,
  async run({ id }, context) {
    await requireStatus(context, id, ['ready', 'running'])
    const update = ImportModel.update({ status: 'cancelled' }, { where: { id } })
    return changed(context, imports, id, update, () => [
      context.query(sql`DELETE FROM crm.import_chunks WHERE import_id = ${id}`),
    ])
  },
})

export const importErrors = operation({
  name: 'crm.imports.errors',
  summary: 'Get the rows that could not be imported as a CSV file, with line numbers and reasons',
  effect: 'read',
  input: z.strictObject({ id: idOf(imports) }),
  output: fileOutput(),
  async run({ id }, context) {
    const { fileName, headers } = await show(context, imports, id)
    const faults = await context.query<FaultRow>(sql`
      SELECT line, cells, column_name AS "column", da, en FROM crm.import_faults WHERE import_id = ${id} ORDER BY line`)
    const refused = faults.map(({ line, cells, column, da, en }) => ({
      row: { line, values: cells },
      fault: { line, column, message: { da, en } },
    }))
    const parts: Uint8Array[] = []
    for await (const part of writeErrorFile(headers, refused, context.locale)) parts.push(part)
    const name = `${fileName.replace(/\.[^.]*$/, '')}-${context.locale === 'da' ? 'fejl' : 'errors'}.csv`
    return { name, mediaType: 'text/csv', content: Buffer.concat(parts).toString('utf8') }
  },
})

interface FaultRow {
  readonly line: number
  readonly cells: string[]
  readonly column: string | null
  readonly da: string
  readonly en: string
}

async function requireStatus(context: WriteContext, id: string, allowed: readonly string[]): Promise<void> {
  const { status } = await show(context, imports, id)
  if (!allowed.includes(status)) crmErrors.fail('import_settled', { status })
}

export const importOperations = [
  listImports,
  getImport,
  createImport,
  previewImport,
  updateImport,
  advanceImport,
  cancelImport,
  importErrors,
]
