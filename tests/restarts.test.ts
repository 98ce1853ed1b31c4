import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded, type EmbeddedServer } from '#core'
import { makeCompany, startProduct, type Product } from './process.ts'
import { eachOnce, outcomeOfLeads, sendLeads, type SteadyLeads } from './steadyLeads.ts'

/* Everything is killed in turn while leads are sent: PostgreSQL, what answers, what works. */

/** Milliseconds that the operators' guide promises. */
const answersWithin = 20_000
const servesAgainWithin = 30_000
const worksAgainWithin = 45_000
const mostConnections = 16

const patience = 600_000
let folder: string
let server: EmbeddedServer
let admin: pg.Client
let answering: Product
let working: Product
let leads: SteadyLeads

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tekup-restarts-'))
  server = await startEmbedded({ dataDirectory: folder })
  await makeCompany(server.adminUrl)
  answering = await start('api')
  working = await start('worker')
}, patience)
afterAll(async () => {
  for (const product of [answering, working]) product?.process.kill('SIGKILL')
  await Promise.all([answering?.ended, working?.ended])
  await admin?.end()
  await server?.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

const start = (ROLE: string, PORT?: string): Promise<Product> =>
  startProduct({
    DATABASE_URL: server.adminUrl,
    ROLE,
    RATE_LIMIT_PER_MINUTE: '100000',
    ...(PORT !== undefined && { PORT }),
  })

/** The embedded server starts again by itself on its port, as one does that somebody restarts. */
async function endPostgres(signal: NodeJS.Signals): Promise<void> {
  const file = await readFile(join(folder, 'postgresql/data/postmaster.pid'), 'utf8')
  process.kill(Number(file.split('\n')[0]), signal)
}

test(
  'Every lead that was acknowledged comes to its end once, whatever is killed or restarted meanwhile',
  { timeout: patience },
  async () => {
    leads = await sendLeads({ address: answering.address, answersWithin })
    const goesOn = () => leads.more(4, servesAgainWithin)
    await goesOn()

    await endPostgres('SIGINT')
    await goesOn()
    await endPostgres('SIGKILL')
    await goesOn()

    working.process.kill('SIGKILL')
    await working.ended
    await expect.poll(() => leads.underway, { interval: 1 }).toBeGreaterThan(0)
    answering.process.kill('SIGKILL')
    await answering.ended
    answering = await start('api', new URL(answering.address).port)
    working = await start('worker')
    await goesOn()

    await leads.end()
    admin = new pg.Client({ connectionString: server.adminUrl })
    await admin.connect()
    await expect
      .poll(() => outcomeOfLeads({ admin }), { timeout: worksAgainWithin, interval: 200 })
      .toEqual(eachOnce(leads.acknowledged))
    const refused = leads.refused.filter(({ status, code }) => status !== 503 || code !== 'unavailable')
    expect(refused).toEqual([])
    expect(await openConnections()).toBeLessThanOrEqual(2 * mostConnections)
  },
)

async function openConnections(): Promise<number> {
  const { rows } = await admin.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name LIKE 'tekup%'`,
  )
  return rows[0]!.open
}
