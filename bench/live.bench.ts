import { plugins } from '#plugins'
import type { Follower, Spread } from './clients/following.ts'
import { startClient } from './measure/client.ts'
import { number, printTable, report } from './measure/report.ts'
import { startServer, type ServerUnderLoad } from './measure/server.ts'
import { accessTokensOf, addColleagues, foundCompanies, settle } from './world/companies.ts'
import { openWorld } from './world/database.ts'
import { startOurs } from './world/listVariants.ts'

// Live updates: how soon a change reaches a thousand browsers of one company, from the request that makes it; and what ten
// thousand browsers cost that follow while nothing happens. Beside it `ws` alone, which sends what it is posted.
const browsers = 1_000
const idle = Number(process.env['BENCH_IDLE'] ?? 10_000)
/** Browsers of one person; the product lets in fifty. */
const each = 50
const changes = Number(process.env['BENCH_CHANGES'] ?? 50)
/** Milliseconds of the idle hold: every browser is asked for a sign of life once. */
const hold = Number(process.env['BENCH_HOLD'] ?? 30_000)

const world = await openWorld(plugins)
const companies = await foundCompanies(world, idle / each)
const first = companies[0]!
const team = [first, ...(await addColleagues(world, first, browsers / each - 1))]
await settle(world.admin)
const ours = await startOurs(world)
const bare = await startServer('servers/bareSockets.ts')
const [teamTokens, tokens] = [await accessTokensOf(world, team), await accessTokensOf(world, companies)]

const signedIn = (token: string | undefined) => ({ authorization: `Bearer ${token}` })
const address = ({ url }: ServerUnderLoad, path = '') => url.replace('http', 'ws') + path
const oursFollowed = (by: readonly string[], count: number): Follower[] =>
  Array.from({ length: count }, (_, index) => ({
    url: address(ours, '/api/v1/realtime'),
    headers: signedIn(by[index % by.length]),
  }))
const bareFollowed = (count: number): Follower[] =>
  Array.from({ length: count }, () => ({ url: address(bare), headers: {} }))

const change = (index: number) => ({
  url: `${ours.url}/api/v1/crm/contacts`,
  method: 'POST',
  headers: signedIn(teamTokens[0]),
  body: { name: `Kunde ${index}` },
})
const post = () => ({
  url: bare.url,
  method: 'POST',
  headers: {},
  body: {
    type: 'event',
    id: crypto.randomUUID(),
    event: 'crm.contacts.created',
    subject: crypto.randomUUID(),
  },
})

/** From a change to each of a thousand browsers. */
async function spread(followers: Follower[], callOf: (index: number) => object): Promise<Spread> {
  const client = startClient('following.ts')
  await client.ask('follow', { followers, atOnce: 50 })
  const calls = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => callOf(from + index))
  await client.ask('spread', { calls: calls(0, 5) })
  const taken = await client.ask<Spread>('spread', { calls: calls(5, changes) })
  await client.stop()
  return taken
}

interface Held {
  /** Bytes of the server's memory for one browser. */
  readonly memory: number
  readonly lost: number
  readonly rest: Spread
}

/** Ten thousand that follow while nothing happens, and requests meanwhile. */
async function held(server: ServerUnderLoad, followers: Follower[], call: object): Promise<Held> {
  const [client, asking] = [startClient('following.ts'), startClient('following.ts')]
  await asking.ask('load', { call, atOnce: 4, milliseconds: 2_000 })
  const before = await server.memory()
  await client.ask('follow', { followers, atOnce: 50 })
  const rest = await asking.ask<Spread>('load', { call, atOnce: 4, milliseconds: hold })
  const memory = ((await server.memory()) - before) / followers.length
  const lost = await client.ask<number>('lost')
  await Promise.all([client.stop(), asking.stop()])
  return { memory, lost, rest }
}

const told = {
  bare: await spread(bareFollowed(browsers), post),
  ours: await spread(oursFollowed(teamTokens, browsers), change),
}
const list = { url: `${ours.url}/api/v1/crm/contacts?limit=50`, method: 'GET', headers: signedIn(tokens[0]) }
const kept = {
  bare: await held(bare, bareFollowed(idle), { ...post(), method: 'GET', body: undefined }),
  ours: await held(ours, oursFollowed(tokens, idle), list),
}
await Promise.all([ours.stop(), bare.stop()])
await world.close()

const kilobytes = ({ memory }: Held): number => memory / 1_024
printTable([
  ['variant', 'told', 'median ms', 'p95 ms', 'KB each idle', 'lost', 'requests meanwhile', 'their p95 ms'],
  ...(['ours', 'bare'] as const).map((name) => [
    name,
    ...[told[name].count, told[name].median, told[name].p95, kilobytes(kept[name]), kept[name].lost, kept[name].rest.count, kept[name].rest.p95].map(number), // prettier-ignore
  ]),
])
const atMost = (value: number) => ({ is: 'at most', value }) as const
report(
  `${browsers} browsers of one company hear of ${changes} changes, and ${idle} follow while nothing happens`,
  [
    {
      figure: 'change to browser, p95, from the request',
      ours: told.ours.p95,
      unit: 'ms',
      limit: atMost(100),
    },
    { figure: 'the same against ws alone, which stores nothing', ours: told.ours.p95, peer: told.bare.p95, unit: 'ms', limit: atMost(3) }, // prettier-ignore
    { figure: 'memory of an idle browser above ws alone', ours: kilobytes(kept.ours) - kilobytes(kept.bare), unit: 'KB', limit: atMost(25) }, // prettier-ignore
    { figure: 'browsers that were cut off', ours: kept.ours.lost, unit: '', limit: atMost(0) },
    { figure: 'a list beside them, p95', ours: kept.ours.rest.p95, unit: 'ms', limit: atMost(200) },
  ],
)
