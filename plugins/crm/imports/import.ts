import { z } from 'zod'
import { byCreation, raw, resource, saying, tracked } from '#core'
import { targets } from '../exchange/contact.ts'
import { delimiters } from '../exchange/csv/dialect.ts'
import { encodings } from '../exchange/decode.ts'

export const WhenKnown = z
  .enum(['update', 'skip', 'create'])
  .meta({ description: 'What to do with a row about a contact that is there already' })

export const Delimiter = z.enum(delimiters).meta({ description: 'Between the cells; found when left out' })
export const Encoding = z.enum(encodings).meta({ description: 'The character set; found when left out' })

/** The program whose ids the file carries, so that those of two programs are never mixed up. */
export const IdSource = z
  .string()
  .refine(
    (name) => /^[a-z0-9_-]{1,40}$/.test(name),
    saying({
      da: 'et programs navn er små bogstaver, tal, bindestreg og understreg',
      en: 'the name of a program is small letters, digits, hyphens and underscores',
    }),
  )
  .meta({ description: 'Whose ids the file carries', examples: ['hubspot'] })

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
  /** How the file was read; null for vCards. */
  delimiter: Delimiter.nullable(),
  encoding: Encoding.nullable(),
  idSource: z.string(),
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

export type ImportStatus = z.output<typeof Import>['status']

export const imports = resource({
  table: 'crm.imports',
  item: Import,
  fields: { columns: raw('t.columns') },
  sorts: { createdAt: byCreation },
  defaultSort: '-createdAt',
  search: 'crm.search_imports',
})
