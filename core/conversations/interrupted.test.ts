import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fault } from '../errors.ts'
import type { Caller } from '../operations/caller.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import type { AgentTurn } from './agentPort.ts'
import { createConversations, type Conversations } from './conversations.ts'
import { listMessages } from './operations.ts'
import type { Inbound, TurnEvent } from './turn.ts'

const fixture = fileURLToPath(new URL('./crash.fixture.ts', import.meta.url))

describe('a turn whose process is gone', () => {
  let world: TestCore
  let conversations: Conversations
  let resumed: AgentTurn[]
  let pause: Promise<unknown>
  let anna: Caller
  let message: Inbound
  let child: ChildProcessWithoutNullStreams
  let lines: AsyncIterator<string>

  /** Goes on where the dead process was: what is made already is not made again. */
  async function* goOn(turn: AgentTurn) {
    // On a slow machine the lease of an earlier test's turn has run out by now: the next start goes on with that one too.
    if (turn.text.startsWith(message.text)) resumed.push(turn)
    await pause
    for (const part of ['I', 'II']) {
      const title = `${turn.text} ${part}`
      const isMade = turn.made.some(({ input }) => (input as { title: string }).title === title)
      if (!isMade) await turn.call('shelf.books.create', { title }, `call_${part}`)
    }
    yield { type: 'text', delta: 'all of it' } as const
  }

  beforeAll(async () => {
    world = await testCore([shelf])
    conversations = createConversations({ core: world.core, agent: { run: goOn } })
  })
  afterAll(() => world.close())

  beforeEach(async () => {
    resumed = []
    pause = Promise.resolve()
    anna = world.callerOf(randomUUID())
    const text = `Book ${randomUUID()}`
    message = {
      caller: anna,
      text,
      messageId: randomUUID(),
      locale: 'en',
      surface: 'chat',
      requestId: 'crash-test',
    }
    const sent = { url: world.runtimeUrl, secret: world.secret.toString('base64'), message }
    child = spawn(process.execPath, [fixture, JSON.stringify(sent)])
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    if ((await lines.next()).value !== 'half') throw new Error('The process did not come half way.')
  })
  afterEach(async () => {
    await kill()
  })

  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  /** Twenty seconds without a sign of life, without waiting for them. */
  const leaseRunsOut = () => world.admin.query(`UPDATE platform.turns SET lease_until = now() - interval '1 second' WHERE tenant_id = $1`, [anna.tenant.id]) // prettier-ignore
  const deliver = async (change: Partial<Inbound> = {}) => {
    const events: TurnEvent[] = []
    for await (const event of conversations.handle({ ...message, ...change })) events.push(event)
    return events.at(-1) as Extract<TurnEvent, { type: 'reply' }>
  }
  const books = async () =>
    (await world.admin.query('SELECT title FROM shelf.books WHERE title LIKE $1 ORDER BY title', [`${message.text}%`])).rows.map(({ title }) => String(title).slice(message.text.length + 1)) // prettier-ignore
  const kept = async () => {
    const { rows } = await world.admin.query('SELECT id FROM platform.conversations WHERE tenant_id = $1', [anna.tenant.id]) // prettier-ignore
    return { conversation: String(rows[0].id), messages: (await world.core.invoke(listMessages, { conversationId: String(rows[0].id) }, anna)).value.items } // prettier-ignore
  }
  const recover = (accessOf = async () => anna) =>
    createConversations({ core: world.core, agent: { run: goOn }, accessOf }).recover()

  test('is gone on with when its message is delivered again, and nothing is done twice', async () => {
    await kill()
    await leaseRunsOut()
    const { reply, calls } = await deliver()
    expect(reply.text).toBe('all of it')
    expect(calls.map(({ status }) => status)).toEqual(['done', 'done'])
    expect(await books()).toEqual(['I', 'II'])
    expect((await kept()).messages.length).toBe(2)
  })

  test('leaves nothing but its messages once it is answered, which is told to whoever delivers it once more', async () => {
    await kill()
    await leaseRunsOut()
    const answer = await deliver()
    const turns = await world.admin.query('SELECT FROM platform.turns WHERE tenant_id = $1', [anna.tenant.id])
    expect(turns.rowCount).toBe(0)
    expect(await deliver()).toEqual(answer)
    expect(resumed.length).toBe(1)
  })

  test('had begun a call of which nobody knows how it went: it is settled by its key, not made again', async () => {
    await kill()
    await leaseRunsOut()
    await world.admin.query(
      `UPDATE platform.messages SET calls = jsonb_build_array((calls -> 0) - 'output' || '{"status":"running"}')
       WHERE tenant_id = $1 AND role = 'agent'`,
      [anna.tenant.id],
    )
    await deliver()
    expect(resumed[0]?.made).toMatchObject([{ status: 'done', output: { title: `${message.text} I` } }])
    expect(await books()).toEqual(['I', 'II'])
  })

  test('is waited for while its process may still live', async () => {
    const waiting = deliver()
    child.stdin.write('\n')
    expect((await waiting).reply.text).toBe('half whole')
    expect(resumed).toEqual([])
  })

  test('is said to be broken off when the conversation goes on without it', async () => {
    await kill()
    await leaseRunsOut()
    const { conversation } = await kept()
    await deliver({ conversation, messageId: randomUUID(), text: `${message.text} next` })
    const [, brokenOff] = (await kept()).messages
    expect(brokenOff).toMatchObject({ status: 'failed', calls: [{ status: 'done' }] })
    expect(brokenOff?.text).toMatch(/^I was interrupted/)
    expect(resumed[0]?.history.at(-1)?.calls[0]?.status).toBe('done')
  })

  test('is gone on with at the next start', async () => {
    await kill()
    await leaseRunsOut()
    await recover()
    expect(await books()).toEqual(['I', 'II'])
    expect((await kept()).messages[1]).toMatchObject({ status: 'done', text: 'all of it' })
  })

  test('is left alone at the next start while it lives', async () => {
    await recover()
    expect(resumed).toEqual([])
    expect((await kept()).messages[1]?.status).toBe('running')
  })

  test('is ended honestly when its person has left', async () => {
    await kill()
    await leaseRunsOut()
    await recover(() => Promise.reject(fault('forbidden')))
    expect(resumed).toEqual([])
    expect((await kept()).messages[1]).toMatchObject({ status: 'failed' })
  })

  test('is ended honestly when it is old', async () => {
    await kill()
    await leaseRunsOut()
    await world.admin.query(`UPDATE platform.turns SET started_at = now() - interval '1 hour' WHERE tenant_id = $1`, [anna.tenant.id]) // prettier-ignore
    await recover()
    expect(resumed).toEqual([])
    expect(await books()).toEqual(['I'])
  })

  test('can write nothing more when it wakes up after another has taken its turn', async () => {
    child.kill('SIGSTOP')
    await leaseRunsOut()
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>()
    pause = woken
    const resuming = deliver()
    await expect.poll(() => resumed.length).toBe(1)
    child.kill('SIGCONT')
    child.stdin.write('\n')
    expect((await lines.next()).value).toBe('error')
    expect(await books()).toEqual(['I'])
    wake()
    expect((await resuming).reply.text).toBe('all of it')
    expect(await books()).toEqual(['I', 'II'])
    expect((await kept()).messages[1]?.text).toBe('all of it')
  })
})
