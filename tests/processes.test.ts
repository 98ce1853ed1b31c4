import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisProgram, startRedis, testDatabase, type RedisServer, type TestDatabase } from '#core/testing'
import { demoPassword, makeCompany, signIn, startProduct, type Product } from './process.ts'
import { eachOnce, outcomeOfLeads } from './steadyLeads.ts'

/* One story on four processes: what one is told, another works on, and a third tells its readers. */

if (!redisProgram)
  process.stderr.write('Skipped: four processes that share a Redis, because redis-server is not installed.\n')

/** Milliseconds: four processes start, one is killed, and the machine runs every other test at the same time. */
const patience = 900_000

describe.skipIf(!redisProgram)('two processes that answer and two that work', { timeout: patience }, () => {
  let world: TestDatabase
  let redis: RedisServer
  let answering: Product[]
  let working: Product[]

  beforeAll(async () => {
    world = await testDatabase()
    redis = await startRedis(redisProgram!, ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
    await makeCompany(world.adminUrl)
    answering = [await start('api'), await start('api')]
    working = [await start('worker'), await start('worker')]
  }, patience)
  afterAll(async () => {
    for (const { process: child } of [...(answering ?? []), ...(working ?? [])]) child.kill('SIGKILL')
    await Promise.all([...(answering ?? []), ...(working ?? [])].map(({ ended }) => ended))
    await redis?.stop()
    await world?.close()
  })

  const start = (ROLE: string): Promise<Product> =>
    startProduct({
      ...(ROLE === 'worker' && { LOG_LEVEL: 'info' }),
      DATABASE_URL: world.adminUrl,
      REDIS_URL: redis.url,
      ROLE,
      RATE_LIMIT_PER_MINUTE: '100000',
    })

  test('say where they work, and how many connections they open at most', async () => {
    for (const { address, said } of working) {
      expect(said()).toContain(`TekUp is ready at ${address}`)
      await expect.poll(said).toContain('jobs are worked on')
      const line = said()
        .split('\n')
        .find((text) => text.includes('jobs are worked on'))
      expect(JSON.parse(line!)).toMatchObject({ store: 'Redis', connections: 13, most: 16 })
    }
  })

  test('take every lead to its end once while a worker is killed, and tell readers of both of each step', async () => {
    const [here, there] = answering as [Product, Product]
    const call = await signIn(here.address, 'ida@havneby.example')
    const readers = await Promise.all([watch(here), watch(there)])
    const names = Array.from({ length: 30 }, (_, number) => `Lead Nummer ${number}`)
    for (const [number, name] of names.entries()) {
      if (number === 10) working[0]!.process.kill('SIGKILL')
      const email = `post@kunde-${number}.example`
      const lead = await call('POST', '/leads/leads', { name, email, companyName: `Kunde ${number}` })
      expect(lead).toMatchObject({ name })
    }
    await expect
      .poll(() => outcomeOfLeads(world), { timeout: 300_000, interval: 200 })
      .toEqual(eachOnce(names))
    const { rows } = await world.admin.query<{ id: string; type: string }>(
      `SELECT id, type FROM platform.outbox WHERE type = ANY ($1)`,
      [steps],
    )
    expect(rows).toHaveLength(steps.length * names.length)
    for (const { heard } of readers)
      await expect.poll(() => rows.filter(({ id }) => !heard.has(id))).toEqual([])
    for (const { close } of readers) close()
  })
})

const steps = ['leads.leads.created', 'crm.contacts.adopted', 'crm.tasks.created', 'leads.leads.linked']

/** Reads along as a page does: with a ticket, over a WebSocket; keeps the ids of what it hears. */
async function watch({ address, said }: Product) {
  const credentials = { email: 'ida@havneby.example', password: demoPassword }
  const { accessToken } = await post<{ accessToken: string }>(`${address}/api/v1/auth/login`, credentials)
  const { ticket } = await post<{ ticket: string }>(`${address}/api/v1/realtime/ticket`, {}, accessToken)
  const url = `${address.replace('http', 'ws')}/api/v1/realtime`
  const socket = new WebSocket(url, ['tekup.live', `ticket.${ticket}`])
  const heard = new Set<string>()
  const followed = Promise.withResolvers<void>()
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as { type: string; id?: string }
    if (message.type === 'subscribed') followed.resolve()
    if (message.type === 'event') heard.add(message.id!)
  })
  socket.addEventListener('close', ({ code }) =>
    followed.reject(new Error(`The socket was closed: ${code}. The process said:\n${said()}`)),
  )
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ type: 'subscribe', topics: ['leads.leads', 'crm.contacts', 'crm.tasks'] })),
  )
  await followed.promise
  return { heard, close: () => socket.close() }
}

async function post<Answer>(url: string, body: unknown, token?: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${url} was answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer as Answer
}
