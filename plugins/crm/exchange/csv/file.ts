import { z } from 'zod'
import type { Locale, OutgoingFile } from '#core'
import { writeCsv } from './write.ts'

/** What a person may choose of an exported CSV file. */
export const CsvChoice = {
  delimiter: z
    .enum([';', ','])
    .default(';')
    .meta({ description: 'Of CSV; “;” is what Danish Excel opens as columns' }),
}

/** What a file is called in each language, without day and ending. */
export type FileName = Readonly<Record<Locale, string>>

interface Making {
  readonly locale: Locale
  readonly now: Date
}

/** A whole CSV file as an operation answers it, named after its day: `aftaler-2026-11-21.csv`. */
export async function csvFile(
  { locale, now }: Making,
  name: FileName,
  [headers, ...rows]: readonly (readonly string[])[],
  delimiter: ';' | ',',
): Promise<OutgoingFile> {
  const content = await gathered(writeCsv(headers ?? [], rows, { delimiter }))
  return { name: `${fileName({ locale, now }, name)}.csv`, mediaType: 'text/csv', content }
}

export const fileName = ({ locale, now }: Making, name: FileName): string =>
  `${name[locale]}-${now.toISOString().slice(0, 10)}`

export async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString('utf8')
}
