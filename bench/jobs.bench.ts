import { redisProgram, startRedis } from '../core/testing/redisServer.ts'
import { startWorker, type Client } from './measure/client.ts'
import { median, percentile } from './measure/median.ts'
import { number, printTable, report } from './measure/report.ts'
import { foundCompanies, settle } from './world/companies.ts'
import { openWorld } from './world/database.ts'
import { tally } from './world/tally/tally.ts'
import { atOnce, type Asked, type Opened, type Span } from './workers/opened.ts'

// Work that is done later, on both stores.
// - How many jobs a second, against bare BullMQ on the same store with as many at a time; `workers/bullmq.ts` says what it
//   does and does not. "Done" counts from the beginning of the first to the end of the last of jobs that are all waiting, so
//   asking is not in it; "asked and done" from the beginning of the first to the end of the last while they are asked for, a
//   hundred with each call. `row` does what our handler does; `nothing` is the queue alone.
// - How soon what follows on an event, or a job, begins where there is nothing else to do: from the call that emits it.
// - The same for a job of one company while a hundred thousand of another, asked for by the real path, are being done.
// - How many connections to PostgreSQL one process has that does all of this (`pg_stat_activity`, once the peers have gone).
// Neither store's queue loses work when its server crashes: BullMQ's commits wait for the disk, ours of the queue do not, because
// the table of jobs knows what the queue has forgotten.
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const jobs = Number(process.env['BENCH_JOBS'] ?? 3_000)
const flood = Number(process.env['BENCH_FLOOD'] ?? 100_000)
const singles = Number(process.env['BENCH_SINGLES'] ?? 100)
const stores = (process.env['BENCH_STORES'] ?? 'PostgreSQL,Redis').split(',')

const world = await openWorld([tally])
const [flooding, single, ...others] = await foundCompanies(world, 22)
const redis = await startRedis(redisProgram!, ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
const asked: Asked = { companies: others, jobs, together: 100 }

interface Rate {
  readonly perSecond: number
  /** Microseconds of processor time of one job. */
  readonly cpu: number
  readonly databaseCpu: number
}

interface Taken {
  readonly store: string
  readonly rates: ReadonlyMap<string, Rate>
  /** Milliseconds. */
  readonly event: readonly number[]
  readonly idle: readonly number[]
  readonly flooded: readonly number[]
}

const taken: Taken[] = []
let connections = 0
for (const store of stores) taken.push(await measure(store))
await redis.stop()
await world.close()

async function measure(store: string): Promise<Taken> {
  const redisUrl = store === 'Redis' ? redis.url : undefined
  const { adminUrl, runtimeUrl, secret } = world
  const opened: Opened = { adminUrl, runtimeUrl, secret: secret.toString('base64'), redisUrl }
  await settle(world.admin)
  const ours = startWorker('ours.ts')
  const [row, nothing] = [startWorker('bullmq.ts'), startWorker('bullmq.ts')]
  await ours.ask('open', opened)
  await row.ask('open', { ...opened, does: 'row' })
  await nothing.ask('open', { ...opened, does: 'nothing' })
  const rates = await inTurns(new Map([['ours', ours], ['row', row], ['nothing', nothing]])) // prettier-ignore
  await Promise.all([row.stop(), nothing.stop()])
  const counting = setInterval(countConnections, 100)
  await ours.ask('work')
  await startsOf(ours, 'emit', 20)
  const event = await startsOf(ours, 'emit', singles)
  const idle = await startsOf(ours, 'enqueue', singles)
  const flooded = await behindFlood(ours)
  clearInterval(counting)
  await ours.ask('rest')
  await ours.ask('close')
  await ours.stop()
  await world.admin.query('TRUNCATE platform.jobs, platform.outbox, tally.strokes')
  return { store, rates, event, idle, flooded }
}

async function behindFlood(ours: Client): Promise<number[]> {
  const begun = performance.now()
  await ours.ask('ask', { companies: [flooding], jobs: flood, together: 1_000 })
  const seconds = (performance.now() - begun) / 1_000
  const left = async (): Promise<number> => {
    const { rows } = await world.admin.query<{ left: number }>(
      'SELECT count(*)::integer AS left FROM platform.jobs WHERE ended_at IS NULL AND tenant_id = $1',
      [flooding!.tenant],
    )
    return rows[0]!.left
  }
  const before = await left()
  const flooded = await startsOf(ours, 'enqueue', singles)
  const after = await left()
  console.log(`A flood of ${number(flood)} was asked for in ${number(seconds)} s; ${number(before)} waited at the first single job, ${number(after)} after the last.`) // prettier-ignore
  if (after === 0) throw new Error('The flood was over before it had been measured.')
  return flooded
}

/** Milliseconds from each call to the beginning of its handler. */
async function startsOf(ours: Client, by: 'emit' | 'enqueue', times: number): Promise<number[]> {
  const calls = await ours.ask<[string, number][]>('askSingly', { company: single, times, by })
  const { rows } = await world.admin.query<{ id: string; begun: string }>(
    'SELECT id, begun FROM tally.strokes WHERE tenant_id = $1',
    [single!.tenant],
  )
  const begun = new Map(rows.map((stroke) => [stroke.id, Number(stroke.begun)]))
  return calls.map(([id, at]) => (begun.get(id)! - at) / 1_000)
}

async function inTurns(variants: ReadonlyMap<string, Client>): Promise<Map<string, Rate>> {
  const each = new Map<string, Rate[]>()
  for (let round = 0; round <= rounds; round++)
    for (const [name, client] of variants) {
      const [done, askedAndDone] = [await rateOf(client, 'workOff'), await rateOf(client, 'askAndWorkOff')]
      // The first round warms up.
      if (round === 0) continue
      each.set(`${name}, done`, [...(each.get(`${name}, done`) ?? []), done])
      each.set(`${name}, asked and done`, [...(each.get(`${name}, asked and done`) ?? []), askedAndDone])
    }
  return new Map([...each].map(([name, of]) => [name, middleOf(of)]))
}

async function rateOf(client: Client, how: 'workOff' | 'askAndWorkOff'): Promise<Rate> {
  await world.admin.query('VACUUM (ANALYZE)')
  if (how === 'workOff') await client.ask('ask', asked)
  const before = [await client.ask<number>('cpu'), world.wholeCpu()] as const
  const { begun, ended } = await client.ask<Span>(how, (how === 'workOff' ? jobs : asked) as object)
  const after = [await client.ask<number>('cpu'), world.wholeCpu()] as const
  await client.ask('rest')
  return {
    perSecond: jobs / ((ended - begun) / 1e6),
    cpu: (after[0] - before[0]) / jobs,
    databaseCpu: (after[1] - before[1]) / jobs,
  }
}

function middleOf(each: readonly Rate[]): Rate {
  return {
    perSecond: median(each.map(({ perSecond }) => perSecond)),
    cpu: median(each.map(({ cpu }) => cpu)),
    databaseCpu: median(each.map(({ databaseCpu }) => databaseCpu)),
  }
}

async function countConnections(): Promise<void> {
  const { rows } = await world.admin.query<{ count: number }>(`
    SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`)
  connections = Math.max(connections, rows[0]!.count)
}

for (const { store, rates } of taken) {
  console.log(`\n${store}, ${atOnce} at a time`)
  printTable([
    ['variant', 'jobs/s', 'process CPU µs', 'PostgreSQL CPU µs'],
    ...[...rates].map(([name, { perSecond, cpu, databaseCpu }]) => [
      name,
      ...[perSecond, cpu, databaseCpu].map(number),
    ]),
  ])
}
const p95 = (times: readonly number[]): number => percentile(times, 0.95)
const atLeast = (value: number) => ({ is: 'at least', value }) as const
const atMost = (value: number) => ({ is: 'at most', value }) as const
report(`${number(jobs)} jobs of ${others.length} companies, and ${number(flood)} of one`, [
  ...taken.flatMap(({ store, rates, event, idle, flooded }) => [
    ...['done', 'asked and done'].map((what) => ({
      figure: `${store}: ${what}, against bare BullMQ with the same row`,
      ours: rates.get(`ours, ${what}`)!.perSecond,
      peer: rates.get(`row, ${what}`)!.perSecond,
      unit: 'jobs/s',
      limit: atLeast(0.7),
    })),
    {
      figure: `${store}: event to handler, p95`,
      ours: p95(event),
      unit: 'ms',
      limit: atMost(store === 'Redis' ? 20 : 50),
    },
    {
      figure: `${store}: a job behind the flood, p95, against idle`,
      ours: p95(flooded),
      peer: p95(idle),
      unit: 'ms',
      limit: atMost(3),
    },
    { figure: `${store}: … median`, ours: median(flooded), peer: median(idle), unit: 'ms', limit: atMost(3) },
  ]),
  { figure: 'connections to PostgreSQL at most', ours: connections, unit: '', limit: atMost(16) },
])
