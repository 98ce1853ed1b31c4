import { chanceFrom, inOrder, insertRows, sql, type DemoCompany, type WriteContext } from '#core'
import { buildStandardPipeline } from '../pipelines/write.ts'
import { makeCustomers } from './customers.ts'
import { fjordit } from './fjordit.ts'
import { makeActivities, makeTasks } from './history.ts'
import { nordlys } from './nordlys.ts'
import { makeSales } from './sales.ts'
import { tagSome } from './tags.ts'

const profiles = { nordlys, fjordit }

/** Fills a demo company: some hundred customers with their people, deals, history and tasks, all dated around now. */
export async function furnish(context: WriteContext, { key, people }: DemoCompany): Promise<void> {
  const profile = profiles[key]
  const chance = chanceFrom(profile.seed)
  const now = context.clock.now()
  const pipeline = await buildStandardPipeline(context)
  const customers = makeCustomers(
    chance,
    profile,
    people.map(({ id }) => id),
  )
  const sales = makeSales({ chance, now, profile, pipeline }, customers)
  const activities = makeActivities(chance, now, profile, customers)
  const tasks = makeTasks(chance, now, profile, customers)
  const contacts = customers.flatMap((customer) => customer.contacts.map(({ row }) => row))
  await inOrder(
    insertRows(
      context,
      'crm.companies',
      companyColumns,
      customers.map(({ row }) => row),
    ),
    insertRows(context, 'crm.contacts', contactColumns, contacts),
    insertRows(context, 'crm.deals', dealColumns, sales.deals),
    insertRows(context, 'crm.deal_stages', historyColumns, sales.history),
    insertRows(context, 'crm.activities', activityColumns, activities),
    insertRows(context, 'crm.tasks', taskColumns, tasks),
    ...tagSome(context, chance, profile, customers),
    ...lastContacts(context),
  )
}

const companyColumns = [
  'id uuid, name text, cvr text, domain text, email text, phone text',
  'address text, postcode text, city text, country text, owner_id uuid',
].join(', ')
const contactColumns =
  'id uuid, name text, title text, company_id uuid, owner_id uuid, emails jsonb, phones jsonb'
const dealColumns = [
  'id uuid, title text, pipeline_id uuid, stage_id uuid, stage_since timestamptz, status text',
  'company_id uuid, contact_id uuid, owner_id uuid, amount bigint, expected_close_on date',
  'closed_at timestamptz, lost_reason text, created_at timestamptz',
].join(', ')
const historyColumns = 'id uuid, deal_id uuid, stage_id uuid, entered_at timestamptz, left_at timestamptz'
const activityColumns =
  'id uuid, kind text, subject text, at timestamptz, contact_id uuid, company_id uuid, person_id uuid'
const taskColumns =
  'id uuid, title text, due_on date, done_at timestamptz, owner_id uuid, contact_id uuid, company_id uuid'

/** As logging each of the activities would have left it. */
const lastContacts = (context: WriteContext): Promise<unknown>[] => [
  context.query(sql`UPDATE crm.contacts t SET last_contact_at = latest.at FROM (
    SELECT contact_id, max(at) AS at FROM crm.activities WHERE kind IN ('call', 'meeting', 'email') GROUP BY contact_id
  ) latest WHERE t.id = latest.contact_id`),
  context.query(sql`UPDATE crm.companies t SET last_contact_at = latest.at FROM (
    SELECT company_id, max(at) AS at FROM crm.activities WHERE kind IN ('call', 'meeting', 'email') GROUP BY company_id
  ) latest WHERE t.id = latest.company_id`),
]
