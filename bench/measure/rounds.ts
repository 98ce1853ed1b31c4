import autocannon, { type LoadRequest } from 'autocannon'
import { median } from './median.ts'
import type { ServerUnderLoad } from './server.ts'

/** One way of doing the same work. */
export interface Variant {
  readonly name: string
  readonly server: ServerUnderLoad
  /** Every connection sends a share of these, over and over. */
  readonly requests: readonly LoadRequest[]
}

export interface Measured {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p99: number
  /** Microseconds of the server's processor time for one request. */
  readonly cpu: number
  /** The same of PostgreSQL's processes. */
  readonly databaseCpu: number
}

interface Rounds {
  readonly connections: number
  readonly rounds: number
  /** Seconds of one round of one variant. */
  readonly seconds: number
  /** Microseconds of processor time that PostgreSQL has used so far. */
  readonly databaseCpu: () => number
}

/** Loads the variants in turn (A B A B …), so that whatever else the machine does falls on all; answers medians. */
export async function inTurns(variants: readonly Variant[], settings: Rounds) {
  const { rounds, seconds } = settings
  const taken = new Map<string, Measured[]>(variants.map(({ name }) => [name, []]))
  for (const variant of variants) await load(variant, { ...settings, seconds: Math.max(3, seconds) })
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) taken.get(variant.name)!.push(await load(variant, settings))
  }
  return new Map([...taken].map(([name, each]) => [name, middleOf(each)]))
}

async function load({ name, server, requests }: Variant, settings: Rounds): Promise<Measured> {
  const { connections, seconds: duration, databaseCpu } = settings
  let share = 0
  const before = [await server.cpu(), databaseCpu()] as const
  const {
    requests: answered,
    latency,
    non2xx,
    errors,
  } = await autocannon({
    url: server.url,
    connections,
    duration,
    setupClient: (client) => client.setRequests(everyNth(requests, connections, share++)),
  })
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx} answers were not 2xx, ${errors} failed.`)
  return {
    perSecond: answered.total / duration,
    p99: latency.p99,
    cpu: ((await server.cpu()) - before[0]) / answered.total,
    databaseCpu: (databaseCpu() - before[1]) / answered.total,
  }
}

function everyNth(requests: readonly LoadRequest[], step: number, from: number): LoadRequest[] {
  const share = requests.filter((_, index) => index % step === from % step)
  return share.length > 0 ? share : [...requests]
}

const middleOf = (each: readonly Measured[]): Measured => ({
  perSecond: median(each.map(({ perSecond }) => perSecond)),
  p99: median(each.map(({ p99 }) => p99)),
  cpu: median(each.map(({ cpu }) => cpu)),
  databaseCpu: median(each.map(({ databaseCpu }) => databaseCpu)),
})
