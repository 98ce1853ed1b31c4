import { z } from 'zod'
import {
  byCreation,
  byTitle,
  Colleague,
  colleagueName,
  ComingDay,
  filter,
  idOf,
  Moment,
  PastMoment,
  raw,
  resource,
  sql,
  tracked,
  type Raw,
} from '#core'
import { companies } from '../companies/company.ts'
import { contacts } from '../contacts/contact.ts'
import { companyName, contactName } from '../expressions.ts'
import { pipelines } from '../pipelines/pipeline.ts'
import { StageName } from '../pipelines/standardStages.ts'

export const DealStatus = z.enum(['open', 'won', 'lost'])

/** A possible sale on its way through a pipeline, as every operation shows one. */
export const Deal = z.object({
  id: z.uuid(),
  title: z.string(),
  companyId: z.uuid().nullable(),
  companyName: z.string().nullable(),
  contactId: z.uuid().nullable(),
  contactName: z.string().nullable(),
  pipelineId: z.uuid(),
  pipelineName: z.string(),
  stageId: z.uuid(),
  stageKey: z.string(),
  stageName: z.string(),
  stageSince: Moment,
  status: DealStatus,
  /** Minor units. */
  amount: z.int().meta({ kind: 'money' }),
  currency: z.string(),
  /** Per cent: the deal's own while it is open, else its stage's. */
  probability: z.int(),
  /** Amount times probability, in minor units. */
  weightedAmount: z.int().meta({ kind: 'money' }),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  expectedCloseOn: z.iso.date().nullable(),
  closedAt: Moment.nullable(),
  lostReason: z.string().nullable(),
  ...tracked,
})

const stage = (column: string): Raw =>
  raw(`(SELECT s.${column} FROM crm.stages s WHERE s.tenant_id = t.tenant_id AND s.id = t.stage_id)`)
const probability = raw(
  `coalesce(CASE t.status WHEN 'open' THEN t.own_probability END, ${stage('probability').text})`,
)

export const deals = resource({
  table: 'crm.deals',
  item: Deal,
  fields: {
    companyName,
    contactName,
    pipelineName: raw(
      '(SELECT p.name FROM crm.pipelines p WHERE p.tenant_id = t.tenant_id AND p.id = t.pipeline_id)',
    ),
    stageKey: stage('key'),
    stageName: stage('name'),
    probability,
    weightedAmount: raw(`(t.amount * ${probability.text} / 100)`),
    ownerName: colleagueName('owner_id'),
  },
  filters: {
    companyId: filter(idOf(companies), (id) => sql`t.company_id = ${id}`),
    contactId: filter(idOf(contacts), (id) => sql`t.contact_id = ${id}`),
    ownerId: filter(Colleague, (id) => sql`t.owner_id = ${id}`),
    pipelineId: filter(idOf(pipelines), (id) => sql`t.pipeline_id = ${id}`),
    status: filter(DealStatus, (status) => sql`t.status = ${status}`),
    stage: filter(StageName, isCalled),
    stageSinceBefore: filter(PastMoment, (at) => sql`t.stage_since < ${at}`),
    expectedCloseBefore: filter(ComingDay, (day) => sql`t.expected_close_on < ${day}`),
    expectedCloseAfter: filter(ComingDay, (day) => sql`t.expected_close_on >= ${day}`),
  },
  sorts: {
    title: byTitle,
    amount: { expression: raw('t.amount'), type: 'bigint' },
    stageSince: { expression: raw('t.stage_since'), type: 'timestamptz' },
    expectedCloseOn: { expression: raw(`coalesce(t.expected_close_on, date 'infinity')`), type: 'date' },
    createdAt: byCreation,
  },
  defaultSort: '-amount',
  search: 'crm.search_deals',
})

/** The stage by its id, key, name or one of its other names, folded. */
function isCalled(spoken: string) {
  return sql`t.stage_id IN (
    SELECT s.id FROM crm.stages s WHERE s.id::text = ${spoken} OR s.key = replace(crm.fold_plain(${spoken}), ' ', '_')
      OR crm.fold_plain(${spoken}) IN (SELECT crm.fold_plain(said) FROM unnest(s.aliases || s.name) said))`
}
