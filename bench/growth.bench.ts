import { plugins } from '#plugins'
import { printRounds, report } from './measure/report.ts'
import { inTurns } from './measure/rounds.ts'
import { foundCompanies, settle, type Company } from './world/companies.ts'
import { fillContacts } from './world/contacts.ts'
import { openWorld, type World } from './world/database.ts'
import { oursAsked, startOurs } from './world/listVariants.ts'

// The list of `list.bench.ts` with ten times the rows and ten times the companies. Filling takes some minutes.
const [small, large] = [await filled(1_000), await filled(10_000)]
const servers = [await startOurs(small.world), await startOurs(large.world)] as const
const variants = [
  { ...(await oursAsked(small.world, servers[0], small.companies)), name: '200,000 of 1,000' },
  { ...(await oursAsked(large.world, servers[1], large.companies)), name: '2,000,000 of 10,000' },
] as const
const measured = await inTurns(variants, {
  connections: 32,
  rounds: Number(process.env['BENCH_ROUNDS'] ?? 7),
  seconds: Number(process.env['BENCH_SECONDS'] ?? 4),
  databaseCpu: () => small.world.cpu() + large.world.cpu(),
})
await Promise.all(servers.map((server) => server.stop()))
await Promise.all([small.world.close(), large.world.close()])

printRounds(measured)
report('The same list with ten times the rows and ten times the companies, 32 connections', [
  {
    figure: '2,000,000 of 10,000 against 200,000 of 1,000',
    ours: measured.get(variants[1].name)!.perSecond,
    peer: measured.get(variants[0].name)!.perSecond,
    unit: 'req/s',
    limit: { is: 'at least', value: 0.85 },
  },
])

async function filled(count: number): Promise<{ world: World; companies: Company[] }> {
  console.log(
    `Filling ${(count * 200).toLocaleString('en')} contacts of ${count.toLocaleString('en')} companies …`,
  )
  const world = await openWorld(plugins)
  const companies = await foundCompanies(world, count)
  await fillContacts(world, 200)
  await settle(world.admin)
  return { world, companies }
}
