import { z } from 'zod'
import { raw, resource } from '#core'
import { targets } from '../exchange/contact.ts'
import { byCreation } from '../expressions.ts'
import { tracked } from '../fields.ts'

export const WhenKnown = z
  .enum(['update', 'skip', 'create'])
  .meta({ description: 'What to do with a row whose email a contact has already' })

export const ColumnMapping = z.record(z.string().max(200), z.enum(targets).nullable())

/** A file of contacts on its way in, as every operation shows one. */
export const Import = z.object({
  id: z.uuid(),
  fileName: z.string(),
  format: z.enum(['csv', 'vcard']),
  status: z.enum(['ready', 'running', 'finished', 'cancelled']),
  headers: z.array(z.string()),
  columns: ColumnMapping,
  source: z.string().nullable(),
  /** Per cent. */
  confidence: z.int().nullable(),
  whenKnown: WhenKnown,
  /** Rows of the file, and how many of them have been handled: made, changed, found unchanged or left, and refused. */
  total: z.int(),
  done: z.int(),
  created: z.int(),
  updated: z.int(),
  skipped: z.int(),
  failed: z.int(),
  ...tracked,
})

export const imports = resource({
  table: 'crm.imports',
  item: Import,
  fields: { columns: raw('t.columns') },
  sorts: { createdAt: byCreation },
  defaultSort: '-createdAt',
  search: 'crm.search_imports',
})
