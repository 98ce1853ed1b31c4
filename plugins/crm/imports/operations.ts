import { z } from 'zod'
import {
  changed,
  expected,
  fileOutput,
  getOperation,
  idOf,
  listOperation,
  operation,
  present,
  show,
  sql,
  Version,
} from '#core'
import { writeErrorFile } from '../exchange/errorFile.ts'
import { advanceImport } from './advance.ts'
import { ImportModel } from './import.model.ts'
import { ColumnMapping, IdSource, Import, imports, WhenKnown } from './import.ts'
import { previewImport } from './preview.ts'
import { createImport } from './receive.ts'
import { requireStatus } from './requireStatus.ts'
import { startImport } from './start.ts'

const listImports = listOperation(imports, {
  name: 'crm.imports.list',
  summary: 'List the files that were or are being imported',
})

const getImport = getOperation(imports, {
  name: 'crm.imports.get',
  summary: 'Show how far an import has come',
})

export const updateImport = operation({
  name: 'crm.imports.update',
  summary: 'Choose what the columns of a file hold and what happens with contacts that are known',
  effect: 'write',
  input: z.strictObject({
    id: idOf(imports),
    columns: ColumnMapping.optional(),
    whenKnown: WhenKnown.optional(),
    idSource: IdSource.optional(),
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

export const deleteImport = operation({
  name: 'crm.imports.delete',
  summary: 'Delete an import with its file and its errors; what was imported stays',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(imports) }),
  output: z.object({ id: z.uuid(), fileName: z.string() }),
  async run({ id }, context) {
    const { fileName } = await show(context, imports, id)
    await ImportModel.destroy({ where: { id } })
    return { id, fileName }
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

export const importOperations = [
  listImports,
  getImport,
  createImport,
  previewImport,
  updateImport,
  startImport,
  advanceImport,
  cancelImport,
  deleteImport,
  importErrors,
]
