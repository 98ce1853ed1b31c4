import { z } from 'zod'
import { Colleague, fileOutput, idOf, operation } from '#core'
import { everyItem } from '../everyItem.ts'
import { CsvChoice, csvFile } from '../exchange/csv/file.ts'
import { dayOf, decimalAmount, tableOf, type Column } from '../exchange/csv/table.ts'
import { pipelines } from '../pipelines/pipeline.ts'
import { DealStatus, type Deal } from './deal.ts'
import { listDeals } from './read.ts'

type Row = z.output<typeof Deal>

const statusWords = {
  open: { da: 'Åben', en: 'Open' },
  won: { da: 'Vundet', en: 'Won' },
  lost: { da: 'Tabt', en: 'Lost' },
} as const

const columns: readonly Column<Row>[] = [
  { da: 'Aftale', en: 'Deal', cell: ({ title }) => title },
  { da: 'Firma', en: 'Company', cell: ({ companyName }) => companyName },
  { da: 'Kontakt', en: 'Contact', cell: ({ contactName }) => contactName },
  { da: 'Pipeline', en: 'Pipeline', cell: ({ pipelineName }) => pipelineName },
  { da: 'Fase', en: 'Stage', cell: ({ stageName }) => stageName },
  { da: 'I fasen siden', en: 'In stage since', cell: ({ stageSince }) => dayOf(stageSince) },
  { da: 'Status', en: 'Status', cell: ({ status }, locale) => statusWords[status][locale] },
  { da: 'Værdi', en: 'Value', cell: (row, locale) => decimalAmount(row.amount, row.currency, locale) },
  { da: 'Valuta', en: 'Currency', cell: ({ currency }) => currency },
  { da: 'Sandsynlighed, %', en: 'Probability, %', cell: ({ probability }) => probability },
  { da: 'Vægtet værdi', en: 'Weighted value', cell: (row, locale) => decimalAmount(row.weightedAmount, row.currency, locale) }, // prettier-ignore
  { da: 'Ventes lukket', en: 'Expected close', cell: ({ expectedCloseOn }) => expectedCloseOn },
  { da: 'Lukket', en: 'Closed', cell: ({ closedAt }) => dayOf(closedAt) },
  { da: 'Tabt fordi', en: 'Lost because', cell: ({ lostReason }) => lostReason },
  { da: 'Ansvarlig', en: 'Owner', cell: ({ ownerName }) => ownerName },
  { da: 'Oprettet', en: 'Created', cell: ({ createdAt }) => dayOf(createdAt) },
  { da: 'TekUp-id', en: 'TekUp id', cell: ({ id }) => id },
]

export const exportDeals = operation({
  name: 'crm.deals.export',
  summary: 'Export deals as a CSV file, amounts as a spreadsheet of the reader’s language reads them',
  effect: 'read',
  input: z.strictObject({
    ...CsvChoice,
    status: DealStatus.optional(),
    pipelineId: idOf(pipelines).optional(),
    ownerId: Colleague.optional(),
  }),
  output: fileOutput(),
  async run({ delimiter, ...filters }, context) {
    const found = await everyItem(context, listDeals, { ...filters, sort: 'createdAt' })
    const rows = tableOf(columns, found, context.locale)
    const making = { locale: context.locale, now: context.clock.now() }
    return csvFile(making, { da: 'aftaler', en: 'deals' }, rows, delimiter)
  },
})
