import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createCore, type Core } from '../core.ts'
import { openDatabase } from '../database/database.ts'
import { startEmbedded, type EmbeddedServer } from '../database/embedded/index.ts'
import { prepareDatabase } from '../database/migrate.ts'
import { createLogger } from '../observability/log.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { migrationsOf } from '../testing/database.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import type { AgentTurn } from './agentPort.ts'
import { createConversations } from './conversations.ts'

let place: string
let server: EmbeddedServer
let core: Core
let anna: Authenticated
const restarts: string[] = []

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'tekup-undone-'))
  server = await startEmbedded({ dataDirectory: place, notice: (sentence) => restarts.push(sentence) })
  const { runtimeUrl, secret } = await prepareDatabase(server.adminUrl, migrationsOf([shelf]))
  core = createCore({
    config: readConfig({ LOG_LEVEL: 'silent', EGRESS_ONLY: 'true' }),
    database: openDatabase({ url: runtimeUrl }),
    secret,
    plugins: [shelf],
    log: createLogger({ level: 'silent', format: 'json' }),
    accessOf: async () => anna,
  })
  anna = {
    tenant: { id: randomUUID(), name: 'Havneby' },
    actor: { kind: 'person', id: randomUUID(), name: 'Anna' },
    locale: 'en',
    permissions: new Set(core.registry.operations.map(({ permission }) => permission)),
    domains: new Set(core.registry.domains),
  }
})
afterAll(async () => {
  await core.database.close()
  await server.stop()
  await rm(place, { recursive: true, force: true })
})

async function* addBook(turn: AgentTurn) {
  if (turn.made.length === 0) await turn.call('shelf.books.create', { title: turn.text }, 'call_1')
  yield { type: 'text', delta: 'Added.' } as const
}

test('an answer that a crash of the server undoes is given again, and nothing is done twice for it', async () => {
  const conversations = createConversations({ core, agent: { run: addBook } })
  const message = { caller: anna, text: 'Niels Lyhne', locale: 'en', surface: 'chat', requestId: 'crash' } as const // prettier-ignore
  const losePower = await holdLogBack()
  for await (const { type } of conversations.handle(message)) if (type === 'reply') losePower()
  await expect.poll(() => restarts.length).toBe(1)
  await expect.poll(() => reply().catch(() => undefined), { timeout: 20_000 }).toMatchObject({ status: 'running' }) // prettier-ignore

  await ask(`UPDATE platform.turns SET lease_until = now() - interval '1 second'`)
  await conversations.recover()
  expect(await reply()).toEqual({ status: 'done', text: 'Added.' })
  expect(await ask('SELECT title FROM shelf.books')).toEqual([{ title: 'Niels Lyhne' }])
}, 60_000)

/** Has nothing write the log down by itself from here on, and answers how to kill the server with all that it holds. */
async function holdLogBack(): Promise<() => void> {
  const writers = await ask<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE backend_type IN ('walwriter', 'background writer', 'checkpointer')`,
  )
  const [postmaster] = (await readFile(join(place, 'postgresql/data/postmaster.pid'), 'utf8')).split('\n')
  for (const { pid } of writers) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of [Number(postmaster), ...writers.map((writer) => writer.pid)])
      process.kill(pid, 'SIGKILL')
  }
}

const reply = async () => (await ask(`SELECT status, text FROM platform.messages WHERE role = 'agent'`))[0]

async function ask<Row extends object>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.adminUrl })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
