import { slackPlugin } from '#channels/slack'
import { plugins } from '#plugins'
import type { Delivered, Load, SlackTeam } from './clients/slack.ts'
import { startClient } from './measure/client.ts'
import { median, percentile } from './measure/median.ts'
import { number, printTable, report } from './measure/report.ts'
import { startServer, type ServerUnderLoad } from './measure/server.ts'
import { foundCompanies, settle } from './world/companies.ts'
import { openWorld } from './world/database.ts'
import { startOurs } from './world/listVariants.ts'
import { connectSlack, workedThrough } from './world/slackCompanies.ts'

// What Slack tells, from a Slack in a process of its own: how soon it is acknowledged while agents answer, how soon a
// person sees that an agent has begun, and whether events leave anything in memory. Beside it a bare route that looks at
// the signature and keeps one row.
const workspaces = 25
const colleagues = 10
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5)
const events = Number(process.env['BENCH_EVENTS'] ?? 50_000)
const [eventsPerSecond, questionsPerSecond] = [100, 3]
/** Two seconds each, so that six are written at any moment. */
const longAnswer = 'Please write 100 words, one every 20 ms.'
const shortAnswer = 'Sig hej.'

const world = await openWorld([slackPlugin, ...plugins])
await world.admin.query(`
  CREATE SCHEMA bench; GRANT USAGE ON SCHEMA bench TO PUBLIC;
  CREATE TABLE bench.events (id text PRIMARY KEY, body text NOT NULL, received_at timestamptz NOT NULL DEFAULT now());
  GRANT SELECT, INSERT ON bench.events TO PUBLIC`)
const companies = await foundCompanies(world, workspaces)
await settle(world.admin)
const people = startClient('slack.ts')
const slack = await people.ask<{ settings: Record<string, string>; teams: SlackTeam[] }>('open', {
  count: workspaces,
  colleagues,
})
const model = await startServer('servers/writingModel.ts')
const ours = await startOurs(world, model.url, slack.settings)
const bare = await startServer('servers/bareSlack.ts', {
  runtimeUrl: world.runtimeUrl,
  signingSecret: slack.settings['SLACK_SIGNING_SECRET'],
})
await people.ask('connect', { url: ours.url })
await connectSlack(world, companies, slack, ours.url)
await people.ask('invite')

/** One round of a load; what it asked for is answered before the next one begins. */
async function told({ url }: ServerUnderLoad, load: Partial<Load> = {}): Promise<Delivered> {
  await people.ask('connect', { url })
  const pace = { eventsPerSecond, questionsPerSecond: 0, seconds, question: longAnswer }
  const delivered = await people.ask<Delivered>('load', { ...pace, ...load })
  await workedThrough(world)
  return delivered
}

const besideTurns = { questionsPerSecond }
/** Questions one at a time, and nothing else. */
const quiet = { eventsPerSecond: 6, questionsPerSecond: 3, question: shortAnswer }
for (const load of [besideTurns, quiet]) await told(ours, { ...load, seconds: 5 })
await told(bare, { seconds: 3 })
const taken: Record<'bare' | 'messages' | 'besideTurns' | 'quiet', Delivered[]> = {
  bare: [],
  messages: [],
  besideTurns: [],
  quiet: [],
}
for (let round = 0; round < rounds; round++) {
  taken.bare.push(await told(bare))
  taken.messages.push(await told(ours))
  taken.besideTurns.push(await told(ours, besideTurns))
  taken.quiet.push(await told(ours, quiet))
}

interface Flood {
  readonly perSecond: number
  /** Megabytes after it. */
  readonly heap: number
  /** Microseconds of processor time for one event. */
  readonly cpu: number
  readonly databaseCpu: number
}

await people.ask('connect', { url: ours.url })
const early = await flood(events / 5)
const late = await flood(events - events / 5)
await Promise.all([people.stop(), ours.stop(), bare.stop()])
await model.stop()
await world.close()

async function flood(count: number): Promise<Flood> {
  const before = [await ours.cpu(), world.cpu()] as const
  const perSecond = await people.ask<number>('flood', { events: count, atOnce: 32, question: shortAnswer })
  await workedThrough(world)
  const [cpu, databaseCpu] = [(await ours.cpu()) - before[0], world.cpu() - before[1]]
  const heap = (await ours.memory()) / 2 ** 20
  return { perSecond, heap, cpu: cpu / count, databaseCpu: databaseCpu / count }
}

const milliseconds = (each: readonly Delivered[], of: 'acks' | 'signs', share: number): number =>
  median(each.map((one) => percentile(one[of], share)))
const lost = Object.values(taken).flatMap((each) => each.map((one) => one.lost))
printTable([
  ['event to', 'events', 'p50 ms', 'p95', 'p99'],
  ...(
    [
      ['acknowledged, bare route', taken.bare, 'acks'],
      ['acknowledged, no turns', taken.messages, 'acks'],
      ['acknowledged, beside turns', taken.besideTurns, 'acks'],
      ['first sign, beside turns', taken.besideTurns, 'signs'],
      ['first sign, nothing beside', taken.quiet, 'signs'],
    ] as const
  ).map(([name, each, of]) => [
    name,
    ...[each.flatMap((one) => one[of]).length, ...[0.5, 0.95, 0.99].map((share) => milliseconds(each, of, share))].map(number), // prettier-ignore
  ]),
])
console.log('')
printTable([
  ['flood', 'events/s', 'heap MB', 'CPU µs each', 'PostgreSQL CPU µs each'],
  ...[early, late].map(({ perSecond, heap, cpu, databaseCpu }, index) => [
    index === 0 ? `first ${number(events / 5)}` : `up to ${number(events)}`,
    ...[perSecond, heap, cpu, databaseCpu].map(number),
  ]),
])
const atMost = (value: number) => ({ is: 'at most', value }) as const
const ackOf = (each: readonly Delivered[]): number => milliseconds(each, 'acks', 0.99)
report(
  `${eventsPerSecond} events a second from ${workspaces} workspaces, ${questionsPerSecond} of them questions, and ${number(events)} events`,
  [
    {
      figure: 'acknowledged beside turns, p99',
      ours: ackOf(taken.besideTurns),
      unit: 'ms',
      limit: atMost(500),
    },
    {
      figure: 'acknowledged without turns, p99, against a bare route',
      ours: ackOf(taken.messages),
      peer: ackOf(taken.bare),
      unit: 'ms',
      limit: atMost(3),
    },
    { figure: 'question to first sign, p95', ours: milliseconds(taken.quiet, 'signs', 0.95), unit: 'ms', limit: atMost(300) }, // prettier-ignore
    { figure: 'the same beside turns', ours: milliseconds(taken.besideTurns, 'signs', 0.95), unit: 'ms', limit: atMost(300) }, // prettier-ignore
    { figure: 'events not taken, questions without a sign', ours: lost.reduce((sum, each) => sum + each, 0), unit: '', limit: atMost(0) }, // prettier-ignore
    {
      figure: `heap after ${number(events)} events against ${number(events / 5)}`,
      ours: late.heap,
      peer: early.heap,
      unit: 'MB',
      limit: atMost(1.1),
    },
  ],
)
