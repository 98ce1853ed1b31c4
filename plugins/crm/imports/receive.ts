import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  fileInput,
  operation,
  personOf,
  present,
  sql,
  type IncomingFile,
  type WriteContext,
} from '#core'
import { crmErrors } from '../errors.ts'
import { readCsv } from '../exchange/csv/read.ts'
import { ExchangeFault } from '../exchange/fault.ts'
import { suggestMapping } from '../exchange/mapping/suggest.ts'
import { readCards } from '../exchange/vcard/read.ts'
import { ImportModel } from './import.model.ts'
import { Delimiter, Encoding, IdSource, Import, imports, WhenKnown } from './import.ts'
import type { WaitingRow } from './rows.ts'

export const createImport = operation({
  name: 'crm.imports.create',
  summary:
    'Receive a file of contacts (CSV or vCard): it is read to its end and waits; nothing is imported yet',
  effect: 'write',
  input: z.strictObject({
    file: fileInput(),
    whenKnown: WhenKnown.default('update'),
    delimiter: Delimiter.optional(),
    encoding: Encoding.optional(),
    idSource: IdSource.optional(),
  }),
  output: Import,
  async run(given, context) {
    try {
      return await receive(context, given)
    } catch (error) {
      if (error instanceof ExchangeFault) crmErrors.fail('unreadable_file', { reason: error.sentence })
      throw error
    }
  },
})

interface Given {
  readonly file: IncomingFile
  readonly whenKnown: z.output<typeof WhenKnown>
  readonly delimiter?: z.output<typeof Delimiter> | undefined
  readonly encoding?: z.output<typeof Encoding> | undefined
  readonly idSource?: string | undefined
}

async function receive(context: WriteContext, given: Given) {
  const { file, whenKnown, idSource } = given
  const id = uuidv7()
  const format = isCard(file) ? ('vcard' as const) : ('csv' as const)
  const personId = personOf(context.actor) ?? null
  await ImportModel.create({
    tenantId: context.tenant.id,
    id,
    fileName: file.name,
    format,
    whenKnown,
    personId,
  })
  const found =
    format === 'csv' ? await receiveCsv(context, id, given) : await receiveCards(context, id, given)
  const columns = { ...found, ...present({ idSource }) }
  return changed(context, imports, id, ImportModel.update(columns, { where: { id } }))
}

const isCard = ({ name, mediaType }: IncomingFile): boolean =>
  /\.(vcf|vcard)$/i.test(name) || /^text\/(x-)?vcard/i.test(mediaType)

async function receiveCsv(context: WriteContext, id: string, { file, delimiter, encoding }: Given) {
  const csv = await readCsv(file.stream(), { delimiter, encoding })
  const { total, sample } = await store(context, id, csv.rows)
  const cells = sample.map((row) => ('values' in row ? row.values : []))
  const { source, columns, confidence } = suggestMapping(csv.headers, cells)
  return {
    headers: [...csv.headers],
    delimiter: csv.delimiter,
    encoding: csv.encoding,
    columns,
    source,
    idSource: source === 'generic' ? 'file' : source,
    confidence: Math.round(confidence * 100),
    total,
  }
}

async function receiveCards(context: WriteContext, id: string, { file, encoding }: Given) {
  const { total } = await store(context, id, readCards(file.stream(), encoding))
  return { total, idSource: 'vcard' }
}

/** Rows of one chunk: what `advance` takes at a time. */
const chunkLength = 2_000
const sampleLength = 50

/** Lets the rows wait in chunks, so that no file is ever in memory as a whole. */
async function store(context: WriteContext, id: string, rows: AsyncIterable<WaitingRow>) {
  let chunk: WaitingRow[] = []
  let [place, total] = [0, 0]
  const sample: WaitingRow[] = []
  const keep = async (): Promise<void> => {
    await context.query(sql`
      INSERT INTO crm.import_chunks (tenant_id, import_id, place, rows)
      VALUES (${context.tenant.id}, ${id}, ${place++}, ${JSON.stringify(chunk)}::jsonb)`)
    chunk = []
  }
  for await (const row of rows) {
    if (sample.length < sampleLength) sample.push(row)
    total++
    if (chunk.push(row) === chunkLength) await keep()
  }
  if (chunk.length > 0) await keep()
  return { total, sample }
}
