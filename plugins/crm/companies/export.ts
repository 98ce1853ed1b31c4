import { z } from 'zod'
import { Colleague, fileOutput, operation } from '#core'
import { everyItem } from '../everyItem.ts'
import { CsvChoice, csvFile } from '../exchange/csv/file.ts'
import { dayOf, tableOf, type Column } from '../exchange/csv/table.ts'
import { Tag } from '../values/tag.ts'
import type { Company } from './company.ts'
import { listCompanies } from './read.ts'

type Row = z.output<typeof Company>

const columns: readonly Column<Row>[] = [
  { da: 'Firma', en: 'Company', cell: ({ name }) => name },
  { da: 'CVR', en: 'CVR', cell: ({ cvr }) => cvr },
  { da: 'Domæne', en: 'Domain', cell: ({ domain }) => domain },
  { da: 'E-mail', en: 'Email', cell: ({ email }) => email },
  { da: 'Telefon', en: 'Phone', cell: ({ phone }) => phone },
  { da: 'Adresse', en: 'Address', cell: ({ address }) => address },
  { da: 'Postnr.', en: 'Postcode', cell: ({ postcode }) => postcode },
  { da: 'By', en: 'City', cell: ({ city }) => city },
  { da: 'Land', en: 'Country', cell: ({ country }) => country },
  { da: 'Mærkater', en: 'Tags', cell: ({ tags }) => tags.join('; ') },
  { da: 'Ansvarlig', en: 'Owner', cell: ({ ownerName }) => ownerName },
  { da: 'Sidste kontakt', en: 'Last contact', cell: ({ lastContactAt }) => dayOf(lastContactAt) },
  { da: 'Oprettet', en: 'Created', cell: ({ createdAt }) => dayOf(createdAt) },
  { da: 'TekUp-id', en: 'TekUp id', cell: ({ id }) => id },
]

export const exportCompanies = operation({
  name: 'crm.companies.export',
  summary: 'Export companies as a CSV file',
  effect: 'read',
  input: z.strictObject({
    ...CsvChoice,
    tag: Tag.meta({ kind: 'tag' }).optional(),
    ownerId: Colleague.optional(),
  }),
  output: fileOutput(),
  async run({ delimiter, ...filters }, context) {
    const found = await everyItem(context, listCompanies, filters)
    const rows = tableOf(columns, found, context.locale)
    const making = { locale: context.locale, now: context.clock.now() }
    return csvFile(making, { da: 'firmaer', en: 'companies' }, rows, delimiter)
  },
})
