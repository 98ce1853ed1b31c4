import { plugins } from '#plugins'
import { Fault, type AnyOperation } from '#core'
import { exchangeCount } from '../core/database/tenantClient.ts'
import { printTable, report } from './measure/report.ts'
import { foundCompanies } from './world/companies.ts'
import { callerOf, openCore } from './world/core.ts'
import { openWorld } from './world/database.ts'

// How often each operation of the CRM waits for PostgreSQL: BEGIN, statements, audit, events and COMMIT all counted.
// Once everything goes round without counting, so that connections are open and nothing is looked up for the first time.
const world = await openWorld(plugins)
const [company] = await foundCompanies(world, 1)
const core = openCore(world, plugins)
const caller = callerOf(core, company!)
const exchanges = new Map<AnyOperation, number>()

await goRound('Havneby')
exchanges.clear()
await goRound('Søndergade')
await core.close()
await world.close()

printTable([
  ['operation', 'effect', 'exchanges'],
  ...[...exchanges].map(([{ name, effect }, count]) => [name, effect, String(count)]),
])
report('Exchanges with PostgreSQL for one operation of the CRM, at most', [
  { figure: 'reads', ours: most('read'), unit: 'exchanges', limit: { is: 'at most', value: 3 } },
  {
    figure: 'writes',
    ours: most('write', 'send', 'destroy'),
    unit: 'exchanges',
    limit: { is: 'at most', value: 3 },
  },
])

function most(...effects: string[]): number {
  return Math.max(
    ...[...exchanges].filter(([{ effect }]) => effects.includes(effect)).map(([, count]) => count),
  )
}

/** Every standard operation of the CRM, on things that belong together as a company's do. */
async function goRound(name: string): Promise<void> {
  const employer = await call('companies.create', { name: `${name} ApS`, city: 'Aarhus', tags: ['VIP'] })
  const email = `bente@${name.toLowerCase().replace('ø', 'oe')}.example`
  const contact = await call('contacts.create', {
    name: `Bente ${name}`,
    companyId: employer.id,
    emails: [{ address: email }],
    tags: ['VIP'],
  })
  const of = { contactId: contact.id, companyId: employer.id }
  const deal = await call('deals.create', { title: `${name}, rengøring`, amount: 1_250_000, ...of })
  const task = await call('tasks.create', { title: `Ring til ${name}`, ...of })
  const activity = await call('activities.create', { kind: 'call', subject: 'Talte om tilbud', ...of })
  const tag = await call('tags.create', { name: `${name} mærke` })
  const view = await call('views.create', { name, resource: 'contacts', query: { tag: 'VIP' } })

  for (const [resource, { id }] of Object.entries({
    companies: employer,
    contacts: contact,
    deals: deal,
    tasks: task,
    activities: activity,
  })) {
    // prettier-ignore
    await call(`${resource}.get`, { id })
  }
  for (const resource of ['companies', 'contacts', 'deals']) {
    await call(`${resource}.list`, {})
    await call(`${resource}.list`, { q: name.toLowerCase() })
  }
  for (const resource of ['activities', 'tasks', 'tags', 'pipelines', 'views'])
    await call(`${resource}.list`, {})
  await call('pipelines.overview', {})

  await call('contacts.update', { id: contact.id, title: 'Indkøber', tags: ['VIP', 'Tand'] })
  await call('companies.update', { id: employer.id, city: 'Odense' })
  await call('deals.move', { id: deal.id, stage: 'tilbud sendt' })
  await call('deals.update', { id: deal.id, amount: 1_300_000 })
  await call('deals.win', { id: deal.id })
  await call('tasks.complete', { id: task.id })
  await call('activities.update', { id: activity.id, subject: 'Talte om pris' })
  await call('views.update', { id: view.id, name: `${name} igen` })
  await call('tags.rename', { id: tag.id, name: `${name} andet` })
  const ended = { views: view, tags: tag, activities: activity, tasks: task, deals: deal, contacts: contact, companies: employer } // prettier-ignore
  for (const [resource, { id }] of Object.entries(ended)) await call(`${resource}.delete`, { id })
}

interface Made {
  readonly id: string
}

/** Runs an operation as the company's person, confirms what wants confirming, and counts. */
async function call(name: string, input: object): Promise<Made> {
  const operation = core.registry.find(`crm.${name}`) ?? fail(name)
  const confirmation = operation.effect === 'destroy' ? await confirmationOf(operation, input) : undefined
  const before = exchangeCount.exchanges
  const { value } = await core.invoke(operation, input, { ...caller, ...(confirmation && { confirmation }) })
  const count = exchangeCount.exchanges - before
  exchanges.set(operation, Math.max(count, exchanges.get(operation) ?? 0))
  return value as Made
}

async function confirmationOf(operation: AnyOperation, input: object): Promise<string> {
  try {
    await core.invoke(operation, input, caller)
  } catch (error) {
    if (error instanceof Fault && error.code === 'confirmation_required')
      return String(error.details['confirm'])
    throw error
  }
  return fail(operation.name)
}

function fail(name: string): never {
  throw new Error(`crm.${name} does not do what this benchmark relies on.`)
}
