import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mailBook } from '../testing/shelf/shelf.ts'
import { openWorld, type ApprovalWorld } from './testWorld.ts'

const fixture = fileURLToPath(new URL('./crash.fixture.ts', import.meta.url))

describe('an approval whose process is killed', () => {
  let world: ApprovalWorld
  let company: Awaited<ReturnType<ApprovalWorld['company']>>
  let id: string
  let child: ChildProcessWithoutNullStreams | undefined

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    company = await world.company()
    const input = { id: company.book.id, to: 'bente@havneby.example' }
    id = (await world.ask(mailBook, input, company.agent)).id
  })
  afterEach(() => kill())

  /** Somebody says yes in another process; answers when the decision is committed. */
  async function decidedElsewhere(stops: 'before' | 'within', changes?: object): Promise<void> {
    const { tenant, actor } = company.anna
    const secret = world.secret.toString('base64')
    const told = { url: world.runtimeUrl, secret, id, tenant: tenant.id, person: actor.id, stops, changes }
    child = spawn(process.execPath, [fixture, JSON.stringify(told)])
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    if ((await lines.next()).value !== 'decided') throw new Error('Nobody decided.')
  }
  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  /** A minute without a sign of life, without waiting for it. */
  const minuteGoesBy = () => world.inRow(id, `tried_at = tried_at - interval '2 minutes', decided_at = decided_at - interval '2 minutes'`) // prettier-ignore
  const status = async () => (await world.get(id, company.anna)).status
  const sent = () => world.sent(company.anna)

  test('between the decision and the doing is carried out once, by whoever starts next', async () => {
    await decidedElsewhere('before')
    await kill()
    expect([await status(), await sent()]).toEqual(['approved', []])
    await minuteGoesBy()
    await Promise.all([world.core.approvals.recover(), world.core.approvals.recover()])
    await minuteGoesBy()
    await world.core.approvals.recover()
    expect([await status(), await sent()]).toEqual(['done', ['bente@havneby.example']])
  })

  test('and that was changed with the approval is carried out as it was changed, once', async () => {
    await decidedElsewhere('before', { to: 'karen@havneby.example' })
    await kill()
    expect([await status(), await sent()]).toEqual(['approved', []])
    await minuteGoesBy()
    await Promise.all([world.core.approvals.recover(), world.core.approvals.recover()])
    expect([await status(), await sent()]).toEqual(['done', ['karen@havneby.example']])
  })

  test('in the middle of the doing is carried out once', async () => {
    await world.admin.query('BEGIN; LOCK TABLE shelf.letters IN EXCLUSIVE MODE')
    await decidedElsewhere('within')
    await waitsForTheLock()
    await kill()
    await world.admin.query('COMMIT')
    expect([await status(), await sent()]).toEqual(['approved', []])
    await minuteGoesBy()
    await world.core.approvals.recover()
    expect([await status(), await sent()]).toEqual(['done', ['bente@havneby.example']])
  })

  test('and whose carrying out somebody else has begun is done by one of them', async () => {
    await decidedElsewhere('before')
    await minuteGoesBy()
    await world.core.approvals.recover()
    child!.stdin.end('\n')
    await once(child!, 'exit')
    expect([await status(), await sent()]).toEqual(['done', ['bente@havneby.example']])
  })

  test('is left alone while somebody may still be at it', async () => {
    await decidedElsewhere('before')
    await kill()
    await world.core.approvals.recover()
    expect(await status()).toBe('approved')
    expect(await sent()).toEqual([])
  })

  test('is given up when it is too late for anybody to expect it', async () => {
    await decidedElsewhere('before')
    await kill()
    await world.inRow(id, `tried_at = now() - interval '2 days', decided_at = now() - interval '2 days'`)
    await world.core.approvals.recover()
    expect(await world.get(id, company.anna)).toMatchObject({
      status: 'void',
      outcome: expect.stringContaining('could not be done while the approval held'),
    })
    expect(await sent()).toEqual([])
  })

  async function waitsForTheLock(): Promise<void> {
    const behindUs =
      'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pg_backend_pid() = ANY (pg_blocking_pids(pid))'
    await expect.poll(async () => (await world.admin.query(behindUs)).rowCount).toBeGreaterThan(0)
  }
})
