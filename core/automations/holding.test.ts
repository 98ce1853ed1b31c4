import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isOn } from '../operations/domain.ts'
import type { Caller } from '../operations/caller.ts'
import { burnBook, lendBook } from '../testing/shelf/shelf.ts'
import { ruledCall, type Run } from './follow.ts'
import { cancelled, inCompanies, lend, type AutomationWorld, type Company } from './testWorld.ts'

let world: AutomationWorld
let company: Company
let anna: Caller
inCompanies((given) => ({ world, company, anna } = given))

const later = { delayMinutes: 60 }
const statusOf = async (id: string) => world.get(id, anna)

describe('What was approved holds no longer', () => {
  const fails = async (id: string, reason: RegExp) => {
    await world.add('Stuk', anna)
    await company.settled()
    const [run] = await world.runs(id, anna)
    expect(run).toMatchObject({
      status: 'failed',
      code: 'automation_void',
      reason: expect.stringMatching(reason),
    })
    expect(await statusOf(id)).toMatchObject({ status: 'stopped', reason: expect.stringMatching(reason) })
    expect(await world.sent(anna)).toEqual([])
  }

  test('when the approver has lost the permission', async () => {
    const { id } = await world.on(lend, anna)
    const without = new Set([...anna.permissions].filter((permission) => permission !== 'shelf.books:send'))
    world.changed.set(anna.actor.id, { permissions: without })
    await fails(id, /Anna, who approved it, may not/)
  })

  test('when the approver has left', async () => {
    const { id } = await world.on(lend, anna)
    world.changed.set(anna.actor.id, null)
    await fails(id, /no longer in the company/)
  })

  test('when the plugin has been made incompatible, but not when it has got more', async () => {
    const approvedOf = (version: string, id: string) =>
      world.admin.query('UPDATE platform.automations SET plugin_version = $1 WHERE id = $2', [version, id])
    const { id } = await world.on(lend, anna)
    await approvedOf('1.7.3', id)
    await world.add('Løvens gab', anna)
    await company.settled()
    expect(await world.sent(anna)).toHaveLength(1)
    await approvedOf('0.9.0', id)
    await world.add('Stuk', anna)
    await company.settled()
    expect(await statusOf(id)).toMatchObject({
      status: 'stopped',
      reason: expect.stringMatching(/made anew/),
    })
    expect(await world.sent(anna)).toHaveLength(1)
  })

  test('when the definition was changed behind everybody’s back', async () => {
    const { id } = await world.on(lend, anna)
    await world.admin.query(
      `SET session_replication_role = replica;
       UPDATE platform.automations SET input = jsonb_set(input, '{to}', '"thief@elsewhere.example"') WHERE id = '${id}';
       SET session_replication_role = origin`,
    )
    await world.add('Stuk', anna)
    await company.settled()
    expect(await world.runs(id, anna)).toMatchObject([{ status: 'failed', code: 'automation_changed' }])
    expect(await world.sent(anna)).toEqual([])
  })

  test('while the plugin is switched off: what waits is done when it is on again', async () => {
    const { id } = await world.on(lend, anna)
    world.changed.set(anna.actor.id, { domains: new Set(['mill']) })
    await world.add('Stuk', anna)
    await expect.poll(async () => (await world.runs(id, anna))[0]?.code).toBe('job_plugin_off')
    expect(await world.sent(anna)).toEqual([])
    world.changed.delete(anna.actor.id)
    await company.settled()
    expect(await world.sent(anna)).toHaveLength(1)
  })
})

describe('A stop switch', () => {
  const waiting = async (id: string) => {
    await world.add('Stuk', anna)
    await expect.poll(async () => (await world.runs(id, anna))[0]?.status).toBe('waiting')
  }

  test('of one automation holds at once for what is queued', async () => {
    const other = await world.on({ ...lend, ...later }, anna)
    const { id } = await world.on({ ...lend, ...later }, anna)
    await waiting(id)
    await world.call('platform.automations.disable', { id }, company.agent)
    expect(await world.runs(id, anna)).toMatchObject([cancelled('automation_off')])
    expect(await world.runs(other.id, anna)).toMatchObject([{ status: 'waiting' }])
    expect(await statusOf(id)).toMatchObject({ status: 'off' })
  })

  test('of all of them holds for what is queued and what happens until a person lifts it', async () => {
    const { id } = await world.on({ ...lend, ...later }, anna)
    await waiting(id)
    expect(await world.call('platform.automations.stopAll', {}, company.agent)).toMatchObject({
      stopped: true,
    })
    await world.add('Missed', anna)
    await expect.poll(() => company.isRelayed()).toBe(true)
    expect(await world.runs(id, anna)).toMatchObject([cancelled('automations_stopped')])
    const stranger = world.company()
    await world.on(lend, stranger.anna)
    await world.add('Theirs', stranger.anna)
    await stranger.settled()
    expect(await world.sent(stranger.anna)).toHaveLength(1)
    expect(await world.call('platform.automations.resumeAll', {}, anna)).toMatchObject({ stopped: false })
    await world.add('Again', anna)
    await expect.poll(async () => (await world.runs(id, anna)).length).toBe(2)
  })

  test('is meant by a change and by taking away, too', async () => {
    const changed = await world.on({ ...lend, ...later }, anna)
    const gone = await world.on({ ...lend, ...later }, anna)
    await waiting(changed.id)
    await world.call('platform.automations.update', { id: changed.id, runsPerHour: 61 }, anna)
    await world.confirmed('platform.automations.delete', { id: gone.id }, anna)
    expect(await world.runs(changed.id, anna)).toMatchObject([cancelled('automation_changed')])
    expect(await world.runs(gone.id, anna)).toMatchObject([cancelled('automation_off')])
  })

  /** What a worker is about to call for the run that waits. */
  const inHand = async (id: string) => {
    await waiting(id)
    const run = (await world.admin.query('SELECT * FROM platform.jobs WHERE rule_id = $1', [id]))
      .rows[0] as Run
    const { registry, database, accessOf, invoke } = world.core
    const { operation, input, caller } = await ruledCall({ registry, database, accessOf }, run)
    expect(isOn(operation, caller)).toBe(true)
    return () => invoke(operation, input, caller)
  }

  test('and a change too hold for what a worker already has in hand', async () => {
    const { id } = await world.on({ ...lend, ...later }, anna)
    const carryOut = await inHand(id)
    await world.call('platform.automations.stopAll', {}, anna)
    expect(await world.refusal(carryOut())).toMatchObject({ code: 'automations_stopped' })
    await world.call('platform.automations.resumeAll', {}, anna)
    await world.call('platform.automations.disable', { id }, anna)
    expect(await world.refusal(carryOut())).toMatchObject({ code: 'automation_off' })
    await world.call('platform.automations.update', { id, delayMinutes: 0 }, anna)
    expect(await world.refusal(carryOut())).toMatchObject({ code: 'automation_off' })
    expect(await world.sent(anna)).toEqual([])
  })

  test('waits for what is being done at that moment, and what begins waits for it', async () => {
    const { id } = await world.on({ ...lend, ...later }, anna)
    const carryOut = await inHand(id)
    const held = async (lock: 'SHARE' | 'UPDATE', work: () => Promise<unknown>) => {
      await world.admin.query('BEGIN')
      await world.admin.query(`SELECT FROM platform.automations WHERE id = $1 FOR ${lock}`, [id])
      const working = work()
      const waits =
        'SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))'
      await expect.poll(async () => (await world.admin.query(waits)).rowCount).toBeGreaterThan(0)
      await world.admin.query('COMMIT')
      await working
    }
    await held('UPDATE', carryOut)
    expect(await world.sent(anna)).toHaveLength(1)
    await held('SHARE', () => world.call('platform.automations.stopAll', {}, anna))
  })
})

describe('A rule', () => {
  test('is good for its own operation alone, and a rule that nobody approved for none', async () => {
    const { id } = await world.on({ ...lend, ...later }, anna)
    const { hash } = await world.get(id, anna)
    const book = await world.add('Stuk', anna)
    const under = (rule: { id: string; hash: string }): Caller => ({
      ...anna,
      actor: { kind: 'job', id: 'forged', name: 'Forged', personId: anna.actor.id },
      rule,
    })
    const input = { id: book.id, to: 'thief@elsewhere.example' }
    const forged = [under({ id: randomUUID(), hash }), under({ id, hash: 'f'.repeat(64) })]
    for (const caller of forged)
      expect(await world.refusal(world.call(lendBook, input, caller))).toMatchObject({
        code: 'automation_off',
      })
    expect(await world.refusal(world.call(burnBook, { id: book.id }, under({ id, hash })))).toMatchObject({
      code: 'automation_off',
    })
    expect(await world.sent(anna)).toEqual([])
  })
})
