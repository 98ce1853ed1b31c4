import { z } from 'zod'
import { idOf, operation, show, sql, type ReadContext } from '#core'
import type { ContactDraft } from '../exchange/contact.ts'
import { employerOf, knownEmployers } from './employers.ts'
import type { Import, WhenKnown } from './import.ts'
import { imports } from './import.ts'
import { knownAs } from './keys.ts'
import { knownContacts } from './known.ts'
import { readRows, type ReadRow, type WaitingRow } from './rows.ts'

const Outcome = z.enum(['create', 'update', 'skip', 'refuse'])

const PreviewRow = z.object({
  line: z.int(),
  /** What will be done with the row. */
  outcome: Outcome,
  name: z.string().nullable(),
  title: z.string().nullable(),
  company: z.string().nullable(),
  emails: z.array(z.string()),
  phones: z.array(z.string()),
  tags: z.array(z.string()),
  /** The contact that the row is about, where it is there already. */
  known: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Why the row would be refused. */
  fault: z.string().nullable(),
})

export const previewImport = operation({
  name: 'crm.imports.preview',
  summary: 'Show how the next rows of a file would be read with the present mapping, and whom they are about',
  effect: 'read',
  input: z.strictObject({ id: idOf(imports) }),
  output: z.object({ items: z.array(PreviewRow), nextCursor: z.null() }),
  untrusted: true,
  async run({ id }, context) {
    const job = await show(context, imports, id)
    const [chunk] = await context.query<{ rows: WaitingRow[] }>(sql`
      SELECT jsonb_path_query_array(rows, '$[0 to 19]') AS rows FROM crm.import_chunks
      WHERE import_id = ${id} ORDER BY place LIMIT 1`)
    const { read, refused } = readRows(chunk?.rows ?? [], job.headers, job.columns)
    const left = refused.map(({ fault: { line, message } }) => ({
      ...nobody,
      line,
      outcome: 'refuse' as const,
      fault: message[context.locale],
    }))
    const items = [...(await judged(context, job, read)), ...left]
    return { items: items.toSorted((one, other) => one.line - other.line), nextCursor: null }
  },
})

async function judged(context: ReadContext, job: z.output<typeof Import>, rows: readonly ReadRow[]) {
  const [contacts, employers] = await Promise.all([
    knownContacts(context, rows, job.idSource),
    knownEmployers(context, rows),
  ])
  return rows.map(({ line, contact }) => {
    const known = knownAs(contacts, contact, employerOf(employers, contact))
    return {
      ...nobody,
      ...shown(contact),
      line,
      outcome: known ? whenKnown[job.whenKnown] : ('create' as const),
      known: known ? { id: known.id, name: known.name } : null,
    }
  })
}

const whenKnown: Record<z.output<typeof WhenKnown>, z.output<typeof Outcome>> = {
  update: 'update',
  skip: 'skip',
  create: 'create',
}

const nobody = {
  name: null,
  title: null,
  company: null,
  emails: [],
  phones: [],
  tags: [],
  known: null,
  fault: null,
}

const shown = ({ name, title, company, emails, phones, tags }: ContactDraft) => ({
  name,
  title: title ?? null,
  company: company ?? null,
  emails: [...emails],
  phones: [...phones],
  tags: [...tags],
})
