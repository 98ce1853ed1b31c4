import { changed, job, operation } from '#core'
import { advanceImport } from './advance.ts'
import { ImportModel } from './import.model.ts'
import { Import, imports } from './import.ts'
import { requireStatus } from './requireStatus.ts'

/** The rest of a file, piece by piece; one that is cancelled meanwhile ends with the piece that is under way. */
export const runImport = job({
  name: 'crm.imports.run',
  operation: advanceImport,
  next: ({ id, status }) => (status === 'running' ? { id } : undefined),
  progress: ({ done, total }) => ({ done, total }),
  concurrency: 1,
})

/** Whoever starts one twice gets one import: the second run of it finds it finished, or goes on where the first ended. */
export const startImport = operation({
  name: 'crm.imports.start',
  summary:
    'Import a file in the background; how far it has come is shown by the import, and it can be cancelled',
  effect: 'write',
  input: advanceImport.input,
  output: Import,
  async run({ id }, context) {
    await requireStatus(context, id, ['ready', 'running'])
    context.enqueue(runImport, { id }, { subject: id })
    return changed(context, imports, id, ImportModel.update({ status: 'running' }, { where: { id } }))
  },
})
