import { plugins } from '#plugins'
import { fileURLToPath } from 'node:url'
import { onDemand } from '../scripts/onDemand.mjs'
import { printRounds, report } from './measure/report.ts'
import { inTurns, type Measured } from './measure/rounds.ts'
import { foundCompanies, settle } from './world/companies.ts'
import { fillContacts } from './world/contacts.ts'
import { openWorld } from './world/database.ts'
import { listVariants } from './world/listVariants.ts'

// A list of 20 contacts of one of 1,000 companies among 200,000: our whole server against the bare work.
await onDemand(fileURLToPath(new URL('./peers/', import.meta.url)), 'NestJS and TypeORM to compare with')
const world = await openWorld(plugins)
const companies = await foundCompanies(world, 1_000)
await fillContacts(world, 200)
await settle(world.admin)

const { variants, stop } = await listVariants(world, companies)
const measured = await inTurns(variants, {
  connections: 32,
  rounds: Number(process.env['BENCH_ROUNDS'] ?? 7),
  seconds: Number(process.env['BENCH_SECONDS'] ?? 4),
  databaseCpu: world.cpu,
})
await stop()
await world.close()

printRounds(measured)
const of = (variant: string): Measured => measured.get(variant)!
const requests = (peer: string, least: number) => ({
  ours: of('ours').perSecond,
  peer: of(peer).perSecond,
  unit: 'req/s',
  limit: { is: 'at least', value: least } as const,
})
report('A list of 20 of one of 1,000 companies among 200,000 contacts, 32 connections', [
  { figure: 'against bare Fastify + pg, the same statement', ...requests('bare', 0.6) },
  { figure: 'against bare Fastify + pg, the same rows as rows', ...requests('bare rows', 0.6) },
  { figure: 'against NestJS (Fastify) + TypeORM', ...requests('NestJS', 1.3) },
  {
    figure: 'p99 against bare',
    ours: of('ours').p99,
    peer: of('bare').p99,
    unit: 'ms',
    limit: { is: 'at most', value: 3 },
  },
])
