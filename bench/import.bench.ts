import pg from 'pg'
import { plugins } from '#plugins'
import { median } from './measure/median.ts'
import { report } from './measure/report.ts'
import { foundCompanies, type Company } from './world/companies.ts'
import { callerOf, openCore } from './world/core.ts'
import { openWorld } from './world/database.ts'
import { csvFile, people, type Person } from './world/people.ts'

// 50,000 contacts from a CSV file, by crm.imports, against a bare multi-row INSERT of the same columns in the same table
// under the same row-level security, in batches of the same size. Each round takes a company of its own.
const total = 50_000
const batch = 2_000
/** Parameters of one row of the bare INSERT. */
const width = 5
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const megabyte = 2 ** 20

const world = await openWorld(plugins)
const companies = await foundCompanies(world, rounds * 2)
const core = openCore(world, plugins)
const bare = new pg.Client({ connectionString: world.runtimeUrl })
await bare.connect()

const ours: number[] = []
const peer: number[] = []
let peak = 0
for (let round = 0; round < rounds; round++) {
  ours.push(await perSecond(() => watched(() => importFile(companies[round * 2]!))))
  peer.push(await perSecond(() => insertBare(companies[round * 2 + 1]!)))
}
await bare.end()
await core.close()
await world.close()

report(`CSV import of ${total.toLocaleString('en')} rows`, [
  {
    figure: 'against a bare multi-row INSERT',
    ours: median(ours),
    peer: median(peer),
    unit: 'rows/s',
    limit: { is: 'at least', value: 0.3 },
  },
  {
    figure: 'memory that the import adds at its peak',
    ours: peak / megabyte,
    unit: 'MB',
    limit: { is: 'at most', value: 200 },
  },
])

async function perSecond(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return total / ((performance.now() - started) / 1000)
}

/** Runs the work and notes the most memory that was resident meanwhile, above what was before. */
async function watched(work: () => Promise<void>): Promise<void> {
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss() - before)), 20)
  await work().finally(() => clearInterval(timer))
}

async function importFile(company: Company): Promise<void> {
  const caller = callerOf(core, company)
  const run = async (name: string, input: object) =>
    (await core.invoke(core.registry.find(`crm.imports.${name}`)!, input, caller)).value as Progress
  let progress = await run('create', { file: csvFile(total) })
  while (progress.status !== 'finished') progress = await run('advance', { id: progress.id })
  if (progress.created !== total) throw new Error(`${progress.created} of ${total} rows were imported.`)
}

interface Progress {
  readonly id: string
  readonly status: string
  readonly created: number
}

async function insertBare({ tenant }: Company): Promise<void> {
  for (const rows of people(total, batch)) {
    await bare.query('BEGIN')
    await bare.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant])
    await bare.query(
      `INSERT INTO crm.contacts (tenant_id, id, name, title, emails, phones, city) VALUES ${places(rows)}`,
      [tenant, ...rows.flatMap(columnsOf)],
    )
    await bare.query('COMMIT')
  }
}

/** `($1, uuidv7(), $2, $3, …), ($1, uuidv7(), $7, …), …` */
function places(rows: readonly Person[]): string {
  const row = (index: number): string =>
    Array.from({ length: width }, (_, column) => `$${index * width + column + 2}`).join(', ')
  return rows.map((_, index) => `($1, uuidv7(), ${row(index)})`).join(', ')
}

function columnsOf({ name, title, email, phone, city }: Person): unknown[] {
  const emails = [{ address: email, label: null, primary: true }]
  const phones = [{ number: phone, label: null, primary: true }]
  return [name, title, JSON.stringify(emails), JSON.stringify(phones), city]
}
