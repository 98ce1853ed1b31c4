import { v7 as uuidv7 } from 'uuid'
import {
  chanceFrom,
  inOrder,
  insertRows,
  workingMoment,
  type Chance,
  type DemoCompany,
  type WriteContext,
} from '#core'
import { createForm } from '../forms/operations.ts'
import { standardFields } from '../forms/fields.ts'
import { holds } from '../scoring/condition.ts'
import { fjordit } from './fjordit.ts'
import { nordlys } from './nordlys.ts'
import { customers, peopleOf, type DemoPerson } from './people.ts'
import type { Profile } from './profile.ts'
import { scoringRulesOf, type DemoRule } from './rules.ts'

const profiles = { nordlys, fjordit }

type Row = Readonly<Record<string, unknown>>

interface Around {
  readonly context: WriteContext
  readonly chance: Chance
  readonly profile: Profile
  readonly owners: DemoCompany['people']
  readonly rules: readonly DemoRule[]
  readonly sources: readonly { readonly id: string; readonly name: string }[]
}

/** Some dozens of leads with their history and points, the rules that gave them, and a form with something in quarantine. */
export async function furnish(context: WriteContext, { key, people: owners }: DemoCompany): Promise<void> {
  const profile = profiles[key]
  const chance = chanceFrom(profile.seed)
  const rules = scoringRulesOf(profile)
  const sources = profile.sources.map(([name]) => ({ id: uuidv7(), name }))
  const around = { context, chance, profile, owners, rules, sources }
  const known = await customers(context, 5)
  const made = [
    ...peopleOf(profile, chance).map((person, index) => makeLead(around, person, index)),
    ...known.map((person, index) => makeLead(around, person, 100 + index)),
  ]
  await store(around, made)
  await makeForm(around)
}

interface Made {
  readonly lead: Row
  readonly history: readonly Row[]
  readonly points: readonly Row[]
}

/** Of ten: three new, three contacted, two qualified, one disqualified, one new again; customers have been converted. */
const statuses = ['new', 'contacted', 'new', 'qualified', 'contacted', 'disqualified', 'new', 'qualified', 'contacted', 'contacted'] // prettier-ignore

function makeLead(around: Around, person: DemoPerson, index: number): Made {
  const { context, chance, profile, owners, sources } = around
  const id = uuidv7()
  const status = person.contactId ? 'converted' : statuses[index % statuses.length]!
  const daysAgo = status === 'new' ? chance.between(0, 6) : chance.between(4, 60)
  const came = workingMoment(chance, context.clock.now(), daysAgo)
  const since = status === 'new' ? came : workingMoment(chance, context.clock.now(), chance.between(0, Math.min(daysAgo, 3))) // prettier-ignore
  const source = chance.pick(sources)
  const owner = owners[index % owners.length]!
  const message = chance.pick(profile.messages)
  const reason = status === 'disqualified' ? chance.pick(profile.disqualified) : null
  const { name, email, phone, title, city } = person
  const lead = {
    id,
    name,
    email,
    phone,
    company_name: person.companyName,
    title,
    city,
    message,
    answers: {},
    status,
    status_since: since < came ? came : since,
    status_reason: reason,
    owner_id: owner.id,
    source_id: source.id,
    captures: 1,
    last_captured_at: came,
    contact_id: person.contactId,
    company_id: person.companyId,
    converted_at: status === 'converted' ? since : null,
    created_at: came,
  }
  const line = {
    lead_id: id,
    before: null,
    after: null,
    reason: null,
    details: {},
    actor_kind: 'job',
    actor_name: 'TekUp',
  }
  const created = { ...line, id: uuidv7(), kind: 'created', details: { message }, at: came }
  const assigned = { ...line, id: uuidv7(), kind: 'assigned', after: owner.name, at: came }
  const moved = { ...line, id: uuidv7(), kind: status === 'converted' ? 'converted' : 'moved', before: 'new', after: status, reason, at: lead.status_since, actor_kind: 'person', actor_name: owner.name } // prettier-ignore
  const judged = { email, phone, title, city, message, companyName: person.companyName, sourceName: source.name, score: 0 } // prettier-ignore
  return {
    lead,
    history: status === 'new' ? [created, assigned] : [created, assigned, moved],
    points: around.rules
      .filter((rule) => holds(rule, judged))
      .map((rule) => ({ id: uuidv7(), lead_id: id, rule_id: rule.id, event_id: created.id, points: rule.points, reason: rule.name, at: came })), // prettier-ignore
  }
}

const leadColumns = [
  'id uuid, name text, email text, phone text, company_name text, title text, city text, message text, answers jsonb',
  'status text, status_since timestamptz, status_reason text, owner_id uuid, source_id uuid, captures integer',
  'last_captured_at timestamptz, contact_id uuid, company_id uuid, converted_at timestamptz, created_at timestamptz',
].join(', ')
const historyColumns = 'id uuid, lead_id uuid, kind text, before text, after text, reason text, details jsonb, actor_kind text, actor_name text, at timestamptz' // prettier-ignore
const pointColumns =
  'id uuid, lead_id uuid, rule_id uuid, event_id uuid, points integer, reason text, at timestamptz'

async function store(
  { context, profile, owners, rules, sources }: Around,
  made: readonly Made[],
): Promise<void> {
  const channels = profile.sources.map(([name, channel], index) => ({
    id: sources[index]!.id,
    name,
    channel,
  }))
  const everybody = { id: uuidv7(), name: 'Alle, på skift', priority: 1, owners: owners.map(({ id }) => id) }
  await inOrder(
    insertRows(context, 'leads.sources', 'id uuid, name text, channel text', channels),
    insertRows(context, 'leads.scoring_rules', 'id uuid, name text, per text, field text, operator text, value text, points integer', rules as readonly object[] as Row[]), // prettier-ignore
    insertRows(context, 'leads.assignment_rules', 'id uuid, name text, priority integer, owners uuid[]', [
      everybody,
    ]),
    insertRows(context, 'leads.leads', leadColumns, made.map(({ lead }) => lead)), // prettier-ignore
    insertRows(context, 'leads.history', historyColumns, made.flatMap(({ history }) => history)), // prettier-ignore
    insertRows(context, 'leads.points', pointColumns, made.flatMap(({ points }) => points)), // prettier-ignore
  )
}

async function makeForm({ context, profile, sources }: Around): Promise<void> {
  const { name, consent, page } = profile.form
  const form = await context.call(createForm, {
    name,
    fields: standardFields.map((field) => ({ ...field, choices: [...field.choices] })),
    consentText: consent,
    sourceId: sources[0]!.id,
    origins: [new URL(page).origin],
    thanksUrl: `${new URL(page).origin}/tak`,
  })
  const spam = {
    id: uuidv7(),
    form_id: form.id,
    status: 'quarantined',
    fields: { name: 'SEO Expert', email: 'rank@mailinator.com', message: 'Number 1 on Google: http://rank.example http://cheap.example http://fast.example' }, // prettier-ignore
    consent_version: 1,
    suspicions: ['disposableEmail', 'manyLinks'],
    network: '203.0.113.0/24',
    page,
  }
  await insertRows(context, 'leads.submissions', 'id uuid, form_id uuid, status text, fields jsonb, consent_version integer, suspicions text[], network text, page text', [spam]) // prettier-ignore
}
