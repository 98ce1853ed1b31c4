import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { AgentTurn } from '#core'
import type { FakeSlackOptions } from '../fake/startFakeSlack.ts'
import type { Message } from '../fake/state.ts'
import { startTurnWorld, type Process, type TurnWorld } from './testWorld.ts'

const fixture = fileURLToPath(new URL('../testing/process.fixture.ts', import.meta.url))

let world: TurnWorld
let child: ChildProcess | undefined
let next: Process | undefined
afterEach(async () => {
  child?.kill('SIGKILL')
  await next?.close()
  await world.close()
})

/** A world in which nobody works until the other process is dead. */
async function quietWorld(options: FakeSlackOptions = {}): Promise<void> {
  world = await startTurnWorld(options)
  await world.channel.close()
}

/** Another process begins, whose connections to the database go by its name; what it says, line by line. */
function begin(): AsyncIterator<string> {
  const { runtimeUrl, secret, slack } = world
  const url = `${runtimeUrl}?application_name=killed`
  const given = { url, secret: secret.toString('base64'), environment: slack.settings }
  child = spawn(process.execPath, [fixture, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] })
  return createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
}

/** The last that it asked of the database may be done after its end, and takes a lease anew: its connections are gone then. */
async function kill(): Promise<void> {
  expect(await connections()).toBeGreaterThan(1)
  child!.kill('SIGKILL')
  await once(child!, 'exit')
  await world.until(async () => (await connections()) === 0)
  await world.leasesRunOut()
}

const connections = async (): Promise<number> =>
  (await world.admin.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'killed'`)).rowCount ?? 0 // prettier-ignore

/** The agent of the process that goes on: it says what was done before. */
async function* goOn({ made }: AgentTurn) {
  yield { type: 'text', delta: `Made before: ${made.map(({ operation }) => operation).join()}` } as const
}

const booksMade = async (): Promise<number> =>
  Number((await world.admin.query('SELECT count(*) FROM shelf.books')).rows[0].count)
const isAnswered = async ({ ts }: Message): Promise<boolean> =>
  (await world.admin.query(`SELECT 1 FROM slack.messages WHERE ts = $1 AND state = 'answered'`, [ts])).rowCount === 1 // prettier-ignore

test('a question whose process is killed in mid turn is answered once by another, and nothing is done twice', async () => {
  await quietWorld()
  const question = world.slack.mention('anna', 'general', 'make a book')
  await world.slack.settled()
  const lines = begin()
  expect([(await lines.next()).value, (await lines.next()).value].toSorted()).toEqual(['half', 'ready'])
  await world.until(() => world.answers(question).length === 1)
  await kill()
  next = await world.another({ run: goOn })
  await world.until(() => isAnswered(question))
  expect(world.answers(question)).toEqual(['Made before: shelf.books.create'])
  expect(await booksMade()).toBe(1)
  await world.leasesRunOut()
  await (await world.another({ run: goOn })).close()
  expect(world.answers(question)).toHaveLength(1)
})

test('when the leader of Socket Mode is killed another takes over, with its question and what was said meanwhile', async () => {
  await quietWorld({ socketMode: true })
  const lines = begin()
  expect((await lines.next()).value).toBe('ready')
  await world.until(() => world.slack.openSockets === 1)
  const question = world.slack.mention('anna', 'general', 'make a book')
  expect((await lines.next()).value).toBe('half')
  await world.until(() => world.answers(question).length === 1)
  await kill()
  await world.until(() => world.slack.openSockets === 0)
  const meanwhile = world.slack.mention('anna', 'general', 'is anybody there?')
  next = await world.another({ run: goOn })
  await world.until(async () => (await isAnswered(question)) && (await isAnswered(meanwhile)))
  expect(world.slack.openSockets).toBe(1)
  expect(world.answers(question)).toEqual(['Made before: shelf.books.create'])
  expect(world.answers(meanwhile)).toEqual(['Made before: '])
})
