import { HumanMessage } from '@langchain/core/messages'
import { createAgent, tool } from 'langchain'
import { agentsPlugin } from '#agents'
import { plugins } from '#plugins'
import { createBudget } from '../core/usage/budgets.ts'
import { exchangeCount } from '../core/database/tenantClient.ts'
import { median } from './measure/median.ts'
import { number, printTable, report } from './measure/report.ts'
import { callerOf } from './world/core.ts'
import { foundCompanies, settle } from './world/companies.ts'
import { fillContacts } from './world/contacts.ts'
import { openWorld } from './world/database.ts'
import { InstantChatModel } from './world/instantModel.ts'
import { openTalk, type Talk } from './world/talk.ts'

// What the platform adds to a turn: one chat turn from the message that comes in to the end of the answer that is kept,
// with a model that needs no time and one call of a tool. Measured from the conversations' port, without HTTP, because the
// peer has none: LangChain's bare `createAgent` with the same model, streamed, and a tool in memory.
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 15)
const turnsOfRound = 20
const counts = [1, 30, 300] as const

const world = await openWorld([agentsPlugin, ...plugins])
const [company] = await foundCompanies(world, 1)
await fillContacts(world, 50)
await settle(world.admin)
const { rows } = await world.admin.query<{ id: string }>('SELECT id FROM crm.contacts LIMIT 1')
const script = {
  tool: 'crm_contacts_get',
  input: { id: rows[0]!.id },
  words: 'Søren Sørensens telefonnummer er +45 20 00 00 01, og han er indkøber hos Kunde 7 ApS i Aarhus.'.split(/(?<= )/), // prettier-ignore
}
const talks = new Map<number, Talk>()
for (const count of counts) talks.set(count, await openTalk(world, company!, count, script))
const smallest = talks.get(1)!
// A company with a budget, so that every call of the model is held against one.
await smallest.core.invoke(
  createBudget,
  { covers: 'company', period: 'month', mostCost: 100_000_000 },
  callerOf(smallest.core, company!),
)

const variants = new Map<string, () => Promise<unknown>>([
  ['createAgent', bareTurn(await contactAsRead())],
  ...counts.map((count) => [oursWith(count), () => talks.get(count)!.turn()] as const),
])
const wal = await walOfTurns()
const timed = await inTurns()
const tokens = new Map(counts.map((count) => [count, promptTokens(talks.get(count)!.model)]))
const grown = await conversations()

for (const talk of talks.values()) await talk.settled()
for (const talk of talks.values()) await talk.core.close()
await world.close()

printTable([
  ['variant', 'ms', 'CPU ms', 'PostgreSQL CPU ms', 'exchanges', 'tools offered', 'prompt tokens'],
  ...[...timed].map(([name, { ms, cpu, databaseCpu, exchanges }]) => [
    name,
    ...[ms, cpu, databaseCpu, exchanges].map(number),
    ...offeredTo(name),
  ]),
])
const bare = timed.get('createAgent')!.ms
report('A turn of chat with an instant model and one call of a tool, the database’s work included', [
  { figure: 'against createAgent, tool in memory', ours: timed.get(oursWith(1))!.ms, peer: bare, unit: 'ms', limit: { is: 'at most', value: 1.5 } }, // prettier-ignore
  { figure: '300 operations against 1', ours: timed.get(oursWith(300))!.ms, peer: timed.get(oursWith(1))!.ms, unit: 'ms', limit: { is: 'at most', value: 1.2 } }, // prettier-ignore
  { figure: 'prompt, 300 operations against 30', ours: tokens.get(300)!, peer: tokens.get(30)!, unit: 'tokens', limit: { is: 'at most', value: 1.1 } }, // prettier-ignore
  { figure: 'turn 200 of a conversation against 10', ours: grown.late, peer: grown.early, unit: 'ms', limit: { is: 'at most', value: 1.2 } }, // prettier-ignore
  { figure: 'WAL of a turn, turns 101 to 200', ours: wal / 1024, unit: 'KB', limit: { is: 'at most', value: 4 } }, // prettier-ignore
])

function oursWith(count: number): string {
  return `ours, ${count} operation${count === 1 ? '' : 's'}`
}

/** The tool's answer as the peer's tool has it at hand. */
async function contactAsRead(): Promise<string> {
  const { core } = smallest
  const { value } = await core.invoke(
    core.registry.find('crm.contacts.get')!,
    script.input,
    callerOf(core, company!),
  )
  return JSON.stringify(value)
}

function bareTurn(contact: string): () => Promise<void> {
  const schema = {
    type: 'object' as const,
    properties: { id: { type: 'string', format: 'uuid' } },
    required: ['id'],
  }
  const find = tool(async () => contact, { name: script.tool, description: 'Show one contact', schema })
  const agent = createAgent({ model: new InstantChatModel(script), tools: [find], systemPrompt: 'You are an assistant.' }) // prettier-ignore
  return async () => {
    const messages = [new HumanMessage('Hvad er telefonnummeret på Søren Sørensen?')]
    let text = ''
    for await (const [message] of await agent.stream({ messages }, { streamMode: 'messages' }))
      text += message.text
    if (!text.includes('Søren')) throw new Error('The peer did not answer.')
  }
}

interface Measured {
  /** Of one turn. */
  readonly ms: number
  readonly cpu: number
  readonly databaseCpu: number
  readonly exchanges: number
}

/** Rounds of all variants in turn (A B A B …); answers medians of the rounds. */
async function inTurns(): Promise<Map<string, Measured>> {
  const taken = new Map<string, Measured[]>([...variants.keys()].map((name) => [name, []]))
  for (let round = -2; round < rounds; round++)
    for (const [name, turn] of variants) {
      const measured = await measure(turn)
      if (round >= 0) taken.get(name)!.push(measured)
    }
  return new Map([...taken].map(([name, each]) => [name, middleOf(each)]))
}

async function measure(turn: () => Promise<unknown>): Promise<Measured> {
  const { user, system } = process.cpuUsage()
  const [began, database, exchanges] = [performance.now(), world.cpu(), exchangeCount.exchanges]
  for (let index = 0; index < turnsOfRound; index++) await turn()
  const ms = (performance.now() - began) / turnsOfRound
  const used = process.cpuUsage()
  return {
    ms,
    cpu: (used.user + used.system - user - system) / 1_000 / turnsOfRound,
    databaseCpu: (world.cpu() - database) / 1_000 / turnsOfRound,
    exchanges: (exchangeCount.exchanges - exchanges) / turnsOfRound,
  }
}

function middleOf(each: readonly Measured[]): Measured {
  const of = (figure: keyof Measured) => median(each.map((one) => one[figure]))
  return { ms: of('ms'), cpu: of('cpu'), databaseCpu: of('databaseCpu'), exchanges: of('exchanges') }
}

/** Milliseconds of turns 6 to 15 and of turns 196 to 205, of conversations that take turns at it. */
async function conversations(): Promise<{ early: number; late: number }> {
  const talk = talks.get(30)!
  const [early, late]: number[][] = [[], []]
  for (let pair = 0; pair < 4; pair++) {
    const [young, old] = [await talked(talk, 5), await talked(talk, 195)]
    for (let index = 0; index < 10; index++) {
      early!.push(await timeOf(() => talk.turn(young)))
      late!.push(await timeOf(() => talk.turn(old)))
    }
  }
  return { early: median(early!), late: median(late!) }
}

/** A conversation of so many turns. */
async function talked(talk: Talk, turns: number): Promise<string> {
  const conversation = await talk.turn()
  for (let turn = 1; turn < turns; turn++) await talk.turn(conversation)
  return conversation
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/**
 * Bytes of write-ahead log for each turn from the 101st to the 200th. What PostgreSQL writes now and then for thousands of
 * turns is not to be counted for a hundred of them by chance: so they are the first, before vacuum has reason to come, and a
 * checkpoint comes a hundred turns before them, after which each page is written whole once.
 */
async function walOfTurns(): Promise<number> {
  const talk = talks.get(30)!
  await talk.settled()
  await world.admin.query('CHECKPOINT')
  const conversation = await talked(talk, 100)
  const before = await position()
  for (let turn = 0; turn < 100; turn++) await talk.turn(conversation)
  await talk.settled()
  const { rows } = await world.admin.query<{ bytes: number }>(
    'SELECT (pg_current_wal_insert_lsn() - $1::pg_lsn)::float8 AS bytes',
    [before],
  )
  return rows[0]!.bytes / 100
}

async function position(): Promise<string> {
  const { rows } = await world.admin.query<{ at: string }>('SELECT pg_current_wal_insert_lsn() AS at')
  return rows[0]!.at
}

/** Tokens of the question that opened a turn, tools included: bytes of JSON divided by what one has of prose. */
function promptTokens({ asked }: InstantChatModel): number {
  const { messages = [], tools = [] } = asked ?? {}
  const said = messages.map(({ type, content }) => ({ type, content }))
  return Math.round(Buffer.byteLength(JSON.stringify({ said, tools })) / 3.5)
}

function offeredTo(name: string): string[] {
  const count = counts.find((each) => oursWith(each) === name)
  if (count === undefined) return ['1', '–']
  const { model } = talks.get(count)!
  return [String(model.asked?.tools.length), number(tokens.get(count)!)]
}
