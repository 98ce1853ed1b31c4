import { setTimeout as sleep } from 'node:timers/promises'
import { plugins } from '#plugins'
import { startClient } from './measure/client.ts'
import { median, percentile } from './measure/median.ts'
import { number, printTable, report } from './measure/report.ts'
import { accessTokensOf, foundCompanies, settle } from './world/companies.ts'
import { fillContacts } from './world/contacts.ts'
import { openWorld } from './world/database.ts'
import { streamVariants } from './world/streamVariants.ts'

// Lists of 20 that people look at while agents answer 20 messages a second of 200 words each, and while nobody is answered.
const turnsPerSecond = 20
const listsPerSecond = 300
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 7)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5)
const [words, pace] = [200, 10]

const world = await openWorld(plugins)
const companies = await foundCompanies(world, 200)
await fillContacts(world, 200)
await settle(world.admin)
const { variants, stop } = await streamVariants(world, companies)
const ours = variants[0]!
const [listener, asker] = [startClient('listening.ts'), startClient('asking.ts')]
const lists = {
  url: `${ours.server.url}/api/v1/crm/contacts?limit=20&sort=createdAt`,
  tokens: await accessTokensOf(world, companies),
  perSecond: listsPerSecond,
}

/** Microseconds of each list. */
const ask = (): Promise<number[]> => asker.ask('ask', { ...lists, seconds })

/** The same beside turns, once as many of them run as end. */
async function askBeside(): Promise<number[]> {
  const lasting = (words * pace) / 1_000
  const count = turnsPerSecond * (seconds + lasting + 1)
  const turns = listener.ask('open', {
    messages: ours.messages(count, words, pace),
    within: (count / turnsPerSecond) * 1_000,
  })
  await sleep((lasting + 0.5) * 1_000)
  const taken = await ask()
  await turns
  await sleep(lasting * 1_000)
  return taken
}

await ask()
await askBeside()
const [idle, beside]: [number[][], number[][]] = [[], []]
for (let round = 0; round < rounds; round++) {
  idle.push(await ask())
  beside.push(await askBeside())
}
await Promise.all([listener.stop(), asker.stop()])
await stop()
await world.close()

const at = (rounds: number[][], share: number): number =>
  median(rounds.map((each) => percentile(each, share))) / 1_000
printTable([
  ['lists', 'p50 ms', 'p95', 'p99'],
  ['alone', ...[0.5, 0.95, 0.99].map((share) => number(at(idle, share)))],
  ['beside turns', ...[0.5, 0.95, 0.99].map((share) => number(at(beside, share)))],
])
report(`${listsPerSecond} lists a second beside ${turnsPerSecond} turns a second of ${words} words`, [
  {
    figure: 'p95, against the same alone',
    ours: at(beside, 0.95),
    peer: at(idle, 0.95),
    unit: 'ms',
    limit: { is: 'at most', value: 1.5 },
  },
])
