import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testCore, type TestCore } from '../testing/core.ts'
import { addBook, shelf } from '../testing/shelf/shelf.ts'
import type { Caller } from './caller.ts'
import { post } from './post.fixture.ts'

const killed = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url))

let world: TestCore
let server: Server
let to: string
let anna: Caller
/** What the other system was told, and how it answers. */
let told: string[]
let respond: (response: ServerResponse) => void

beforeAll(async () => {
  server = createServer(async (request, response) => {
    told.push((await request.toArray()).join(''))
    respond(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  to = `http://${host}/`
  world = await testCore([post, shelf], { EGRESS_ALLOW: host })
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await world.close()
})
beforeEach(() => {
  told = []
  respond = (response) => response.end('received')
  anna = world.callerOf(randomUUID(), { actor: { kind: 'person', id: randomUUID(), name: 'Anna' } })
})

const call = async (name: string, input: unknown, caller: Caller): Promise<unknown> =>
  (await world.core.invoke(world.core.registry.find(name)!, input, caller)).value
const send = (text: string, caller = anna) => call('post.parcels.send', { to, text }, caller)
const codeOf = (work: Promise<unknown>) => work.then(() => 'done', ({ code }: { code: string }) => code) // prettier-ignore

const trail = async (): Promise<unknown[]> =>
  (
    await world.admin.query(
      `SELECT outcome, code FROM platform.audit WHERE tenant_id = $1 AND operation = 'post.parcels.send' ORDER BY id`,
      [anna.tenant.id],
    )
  ).rows.map(({ outcome, code }) => [outcome, code] as unknown)

test('what waits for another system keeps nobody from the database, however many wait', async () => {
  const waiting: ServerResponse[] = []
  respond = (response) => waiting.push(response)
  const sent = Array.from({ length: 15 }, (_, place) => send(`parcel ${place}`))
  const read = Array.from({ length: 15 }, () => call('post.parcels.follow', { to, text: 'where?' }, anna))
  await expect.poll(() => waiting.length).toBe(30)
  const books = Array.from({ length: 15 }, (_, place) => call(addBook.name, { title: `Book ${place}` }, anna))
  expect(await Promise.all(books)).toHaveLength(15)
  for (const response of waiting) response.end('late')
  expect(await Promise.all([...sent, ...read])).toEqual(
    Array.from({ length: 30 }, () => ({ receipt: 'late' })),
  )
})

test('it is in the trail before the other system hears of it, and again when that has answered', async () => {
  let before: unknown[] = []
  respond = (response) => void trail().then((lines) => response.end(String((before = lines).length)))
  expect(await send('a')).toEqual({ receipt: '1' })
  expect(before).toEqual([['begun', null]])
  expect(await trail()).toEqual([['begun', null], ['done', null]]) // prettier-ignore
})

test('a repeat with the same key gets the kept answer, and after a refusal is another attempt', async () => {
  const keyed = { ...anna, idempotencyKey: 'one' }
  respond = (response) => response.writeHead(503).end()
  expect(await codeOf(send('a', keyed))).toBe('conflict')
  respond = (response) => response.end('received')
  expect(await send('a', keyed)).toEqual({ receipt: 'received' })
  expect(await send('a', keyed)).toEqual({ receipt: 'received' })
  expect(told).toEqual(['a', 'a'])
})

test('a repeat while the first is still under way does nothing and says so', async () => {
  const keyed = { ...anna, idempotencyKey: 'one' }
  let answer = (): unknown => undefined
  respond = (response) => (answer = () => response.end('received'))
  const first = send('a', keyed)
  await expect.poll(() => told.length).toBe(1)
  expect(await codeOf(send('a', keyed))).toBe('outcome_unknown')
  answer()
  expect(await first).toEqual({ receipt: 'received' })
  expect(await send('a', keyed)).toEqual({ receipt: 'received' })
  expect(told).toEqual(['a'])
})

test('no operation calls another that speaks with another system', async () => {
  expect(await codeOf(call('post.parcels.forward', { to, text: 'a' }, anna))).toBe('internal')
  expect(told).toEqual([])
})

/** Another process makes the call, and is killed once the other system has heard of it. */
async function killedMeanwhile(operation: string, input: unknown, key?: string): Promise<void> {
  respond = () => undefined
  const child = spawn(process.execPath, [
    killed,
    JSON.stringify({
      url: world.runtimeUrl,
      secret: world.secret.toString('base64'),
      host: new URL(to).host,
      tenant: anna.tenant.id,
      person: anna.actor.id,
      operation,
      input,
      key,
    }),
  ])
  await expect.poll(() => told.length).toBe(1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  respond = (response) => response.end('received')
}

test('a call whose process was killed meanwhile is neither lost nor made again by its key', async () => {
  await killedMeanwhile('post.parcels.send', { to, text: 'a' }, 'one')
  expect(await trail()).toEqual([['begun', null]])
  expect(await codeOf(send('a', { ...anna, idempotencyKey: 'one' }))).toBe('outcome_unknown')
  expect(told).toEqual(['a'])
  expect(await trail()).toEqual([['begun', null], ['refused', 'outcome_unknown']]) // prettier-ignore
})

/** Time goes by for every approval, without waiting for it. */
const minutesGoBy = (minutes: number) => {
  const earlier = `UPDATE platform.approvals SET tried_at = tried_at - interval '${minutes} minutes', decided_at = decided_at - interval '${minutes} minutes'`
  return world.admin.query(
    `SET session_replication_role = replica; ${earlier}; SET session_replication_role = origin`,
  )
}

async function askedFor(text: string): Promise<string> {
  const agent: Caller = {
    ...anna,
    actor: { kind: 'agent', id: 'assistant', name: 'TekUp', personId: anna.actor.id },
  }
  const asked = await send(text, agent).catch(({ details }: { details: unknown }) => details)
  return (asked as { approval: { id: string } }).approval.id
}

test('an approval whose other system takes its time is left to whoever is at it', async () => {
  let answer = (): unknown => undefined
  respond = (response) => (answer = () => response.end('received'))
  const id = await askedFor('a')
  const approved = call('platform.approvals.approve', { id }, anna)
  await expect.poll(() => told.length).toBe(1)
  await minutesGoBy(3)
  await world.core.approvals.recover()
  answer()
  expect(await approved).toMatchObject({ status: 'done' })
  expect(told).toEqual(['a'])
})

test('an approval whose process was killed meanwhile ends with the word that nobody knows how it went', async () => {
  const id = await askedFor('a')
  await killedMeanwhile('platform.approvals.approve', { id })
  await minutesGoBy(7)
  await world.core.approvals.recover()
  expect(await call('platform.approvals.get', { id }, anna)).toMatchObject({
    status: 'failed',
    outcome: expect.stringContaining('how it ended is not known'),
  })
  expect(told).toEqual(['a'])
})
