import { plugins } from '#plugins'
import type { Watched } from './clients/answer.ts'
import type { Heard } from './clients/listening.ts'
import { startClient } from './measure/client.ts'
import { median, percentile } from './measure/median.ts'
import { number, printTable, report } from './measure/report.ts'
import { foundCompanies, settle } from './world/companies.ts'
import { openWorld } from './world/database.ts'
import { streamVariants, type StreamVariant } from './world/streamVariants.ts'

// Answers that a model writes word by word, from its socket to a person's: 200 at once for what a word costs, and one at
// a time for how soon the first word, the last word and the end come.
const conversations = 200
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 3)
/** Milliseconds between two words. */
const pace = 20

const world = await openWorld(plugins)
const companies = await foundCompanies(world, conversations)
await settle(world.admin)
const { variants: all, stop } = await streamVariants(world, companies)
const only = process.env['BENCH_ONLY']
const variants = only ? all.filter(({ name }) => name === only) : all
const client = startClient('listening.ts')

interface Streamed extends Watched {
  /** Microseconds of the server's processor time for one word. */
  readonly cpu: number
}

async function streamed(variant: StreamVariant): Promise<Streamed> {
  const { server } = variant
  await open(variant)
  const used = await server.cpu()
  const watched = await client.ask<Watched>('watch', { milliseconds: seconds * 1_000 })
  const cpu = ((await server.cpu()) - used) / watched.words
  await leave()
  return { ...watched, cpu }
}

/** Bytes of the server's memory for one conversation. */
async function memoryOf(variant: StreamVariant): Promise<number> {
  const before = await variant.server.memory()
  await open(variant)
  const memory = ((await variant.server.memory()) - before) / conversations
  await leave()
  return memory
}

const open = ({ messages }: StreamVariant): Promise<unknown> =>
  client.ask('open', { messages: messages(conversations, 5_000, pace), within: conversations * 25 })

async function leave(): Promise<void> {
  await client.ask('leave')
  await client.ask('watch', { milliseconds: 1_000 })
}

const heard = ({ messages }: StreamVariant): Promise<Heard[]> =>
  client.ask('converse', { messages: messages(50, 20, 5), atOnce: 1 })

const taken = variants.map((variant) => ({
  variant,
  streams: [] as Streamed[],
  answers: [] as Heard[],
  memory: 0,
}))
for (const { variant } of taken) await heard(variant)
for (let round = 0; round < rounds; round++) {
  for (const { variant, streams, answers } of taken) {
    streams.push(await streamed(variant))
    answers.push(...(await heard(variant)))
  }
}
// Last, since V8 is told to collect everything for it: on the small heap that this leaves, what follows is collected sooner.
for (const each of taken) each.memory = await memoryOf(each.variant)
await client.stop()
await stop()
await world.close()

const figures = taken.map(({ variant, streams, answers, memory }) => {
  const middle = (of: (each: Streamed) => number): number => median(streams.map(of))
  const p95 = (of: keyof Heard): number =>
    percentile(
      answers.map((each) => each[of]),
      0.95,
    ) / 1_000
  return {
    name: variant.name,
    cpu: middle(({ cpu }) => cpu),
    kilobytes: memory / 1_024,
    perFrame: middle(({ words, frames }) => words / frames),
    perSecond: middle(({ words }) => words / seconds),
    stall: middle(({ longestStall }) => longestStall / 1_000),
    first: p95('first'),
    last: p95('last'),
    end: p95('end'),
  }
})
const [ours, agent = ours] = figures as [(typeof figures)[0], (typeof figures)[0]]
printTable([
  [
    'variant',
    'words/s',
    'words/frame',
    'CPU µs/word',
    'KB each',
    'longest stall ms',
    'first word p95 ms',
    'last word',
    'end',
  ],
  ...figures.map(({ name, perSecond, perFrame, cpu, kilobytes, stall, first, last, end }) => [
    name,
    ...[perSecond, perFrame, cpu, kilobytes, stall, first, last, end].map(number),
  ]),
])
const atMost = (value: number) => ({ is: 'at most', value }) as const
report(`${conversations} answers at once, a word every ${pace} ms in each, and one at a time`, [
  {
    figure: 'CPU of one word, against a bare LangChain agent',
    ours: ours.cpu,
    peer: agent.cpu,
    unit: 'µs',
    limit: atMost(0.5),
  },
  { figure: 'longest stall of 200 at once', ours: ours.stall, unit: 'ms', limit: atMost(100) },
  { figure: 'memory of an open conversation', ours: ours.kilobytes, unit: 'KB', limit: atMost(200) },
  { figure: 'first word, model to person, p95', ours: ours.first, unit: 'ms', limit: atMost(5) },
  { figure: 'last word, model to person, p95', ours: ours.last, unit: 'ms', limit: atMost(5) },
  { figure: 'last byte, model to person, p95', ours: ours.end, unit: 'ms', limit: atMost(5) },
])
