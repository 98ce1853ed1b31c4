import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisProgram, startRedis } from '../testing/redisServer.ts'
import { ask, askForBread, askToSend, bring } from '../testing/mill/mill.ts'
import type { TestCore } from '../testing/core.ts'
import { openRedisStore } from './redisStore.ts'
import type { JobStore } from './store.ts'
import { jobsWorld, log, type JobsWorld } from './testWorld.ts'

const patiently = { interval: 20 }

describeJobs('PostgreSQL')
if (!redisProgram)
  process.stderr.write('Skipped: the engine of jobs over Redis, because redis-server is not installed.\n')
else {
  const redis = startRedis(redisProgram, ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
  afterAll(async () => (await redis).stop())
  describeJobs('Redis', async () => openRedisStore({ url: (await redis).url, queue: 'jobs', log }))
}

function describeJobs(name: string, open?: (world: TestCore) => Promise<JobStore>): void {
  describe(`on a queue in ${name}`, () => {
    let world: JobsWorld
    beforeAll(async () => {
      world = await jobsWorld(open)
      world.start()
    })
    afterAll(() => world.close())

    describe('what follows on an event', () => {
      test('is done once, as its company, in the right of the plugin that follows', async () => {
        const [ours, theirs] = [world.newCompany(), world.newCompany()]
        const sack = randomUUID()
        await ours.run(bring, { sack, times: 1 })
        const [delivery] = await ours.settled()
        expect(delivery).toMatchObject({ name: 'mill.flour.grindGrain', status: 'done', attempts: 1 })
        expect(await ours.flour()).toMatchObject([{ sack, number: 1, actor: 'nobody' }])
        expect(await theirs.flour()).toEqual([])
      })

      test('comes in the order of its subject', async () => {
        const company = world.newCompany()
        const sacks = [randomUUID(), randomUUID(), randomUUID()]
        await Promise.all(sacks.map((sack) => company.run(bring, { sack, times: 8 })))
        await company.settled()
        const flour = await company.flour()
        for (const sack of sacks)
          expect(flour.filter((row) => row.sack === sack).map(({ number }) => number)).toEqual([
            1, 2, 3, 4, 5, 6, 7, 8,
          ])
      })

      test('is not begun in a part that is switched off; what had been waiting goes on when it is switched on', async () => {
        const company = world.newCompany()
        await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test')`, [
          company.id,
        ])
        await company.run(ask, { sack: 'late', number: 1, after: 3_600_000 })
        await world.admin.query(`INSERT INTO platform.domains_off (tenant_id, domain) VALUES ($1, 'mill')`, [
          company.id,
        ])
        await company.run(bring, { sack: randomUUID(), times: 1 })
        await expect.poll(() => company.isRelayed(), patiently).toBe(true)
        await world.admin.query('UPDATE platform.jobs SET run_at = now() WHERE tenant_id = $1', [company.id])
        // Another company's job, asked for later, shows that the hand-out has come by.
        const other = world.newCompany()
        await other.run(ask, { sack: 'now', number: 1 })
        await other.settled()
        expect(await company.jobs()).toMatchObject([{ name: 'mill.flour.grindLater', status: 'waiting' }])
        await world.admin.query(`DELETE FROM platform.domains_off WHERE tenant_id = $1`, [company.id])
        await company.settled()
        expect(await company.flour()).toMatchObject([{ sack: 'late' }])
      })

      test('does nothing where the subscriber wants nothing of it', async () => {
        const company = world.newCompany()
        await company.run(bring, { sack: randomUUID(), from: -1, times: 1 })
        expect(await company.settled()).toMatchObject([{ status: 'done' }])
        expect(await company.flour()).toEqual([])
      })

      test('is put aside with its reason when nobody knows the event or it cannot be read, and holds up nothing', async () => {
        const company = world.newCompany()
        const sack = randomUUID()
        const store = (version: number, payload: object) =>
          world.admin.query(
            `INSERT INTO platform.outbox (tenant_id, id, type, version, subject, payload, actor, request_id)
             VALUES ($1, gen_random_uuid(), 'mill.grain.brought', $2, $3, $4, '{}', 'test')`,
            [company.id, version, sack, payload],
          )
        await store(0, { id: sack, number: 1 })
        await store(1, { id: sack, number: 'many' })
        await store(1, { id: sack, number: 3 })
        const jobs = await company.settled()
        expect(jobs.map(({ status, code }) => [status, code]).toSorted()).toEqual([
          ['done', null],
          ['failed', 'event_unknown'],
          ['failed', 'event_unreadable'],
        ])
        expect(jobs.find(({ code }) => code === 'event_unreadable')!.reason).toEqual({
          da: 'Hændelsen mill.grain.brought kunne ikke læses, så intet fulgte på den. Ret det, der sender den.',
          en: 'The event mill.grain.brought could not be read, so nothing followed on it. Correct what sends it.',
        })
        expect(await company.flour()).toMatchObject([{ number: 3 }])
      })

      test('follows once though the event is delivered ten times and out of order', async () => {
        const company = world.newCompany()
        const sack = randomUUID()
        await company.run(bring, { sack, times: 5 })
        await company.settled()
        for (let time = 0; time < 10; time++) {
          await world.admin.query('UPDATE platform.outbox SET relayed_at = NULL WHERE tenant_id = $1', [
            company.id,
          ])
          world.core.jobs.look()
          await expect.poll(() => company.isRelayed(), patiently).toBe(true)
        }
        await company.settled()
        expect((await company.flour()).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
      })
    })

    describe('a job that somebody asked for', () => {
      test('is done with what that person may do when it runs', async () => {
        const company = world.newCompany()
        await company.run(ask, { sack: 'own', number: 1 })
        await company.settled()
        expect(await company.flour()).toMatchObject([{ actor: world.callerOf(company.id).actor.id }])
        world.changed.set(world.callerOf(company.id).actor.id, null)
        await company.run(ask, { sack: 'left', number: 1 })
        expect((await company.settled()).at(-1)).toMatchObject({ status: 'failed', code: 'unauthenticated' })
        world.changed.clear()
      })

      test('is asked for once under one key, however often', async () => {
        const company = world.newCompany()
        const asked = await Promise.all(
          [1, 2, 3].map(() => company.run(ask, { sack: 'once', number: 1, key: 'monday' })),
        )
        expect(new Set(asked.flatMap(({ ids }) => ids)).size).toBe(1)
        expect(await company.settled()).toHaveLength(1)
      })

      test('is not stored when the change that asks for it is undone', async () => {
        const company = world.newCompany()
        await expect(company.run(ask, { sack: 'no\u0000', number: 1 })).rejects.toMatchObject({
          code: 'invalid_input',
        })
        expect(await company.jobs()).toEqual([])
      })

      test('waits for the others of its subject, in the order in which they were asked for', async () => {
        const company = world.newCompany()
        await company.run(ask, { sack: 'row', number: 1, times: 6, subject: 'row' })
        await company.settled()
        const flour = await company.flour()
        expect(flour.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
      })

      test('is tried again when it goes wrong, and has failed after its last try, with a sentence', async () => {
        const company = world.newCompany()
        await company.run(ask, { sack: 'bad', number: 1, how: 'throws' })
        const [job] = await company.settled()
        expect(job).toMatchObject({ status: 'failed', attempts: 3, code: 'internal' })
        expect(job!.reason!.en).not.toMatch(/millstone|Error| at /)
        expect(await company.flour()).toEqual([])
      })

      test('is not tried again when no repeat would mend it', async () => {
        const company = world.newCompany()
        await company.run(ask, { sack: 'bad', number: 1, how: 'refuses' })
        expect(await company.settled()).toMatchObject([{ status: 'failed', attempts: 1, code: 'not_found' }])
      })

      test('has failed at once, with its effect undone, when it answers more than is kept', async () => {
        const company = world.newCompany()
        await company.run(ask, { sack: 'bad', number: 1, how: 'overflows' })
        const [job] = await company.settled()
        expect(job).toMatchObject({ status: 'failed', attempts: 1, code: 'job_output_too_large' })
        expect(job!.reason!.en).toContain('at most 256 KB')
        expect(await company.flour()).toEqual([])
      })

      test('has failed when its next piece would be called with more than is kept', async () => {
        const company = world.newCompany()
        const loaves = { number: 9, last: 10 }
        // The tenth loaf has a digit more than the ninth, and one byte more than is kept.
        const sack = 'x'.repeat(256 * 1024 - JSON.stringify({ ...loaves, sack: '' }).length)
        await company.run(askForBread, { sack, loaves: loaves.last })
        const [job] = await company.settled()
        expect(job).toMatchObject({ status: 'failed', piece: 8, code: 'job_output_too_large' })
        expect(await company.flour()).toHaveLength(8)
      })

      test('is cut off when it hangs, and lets go of its connection', async () => {
        const company = world.newCompany()
        await company.run(ask, { sack: 'bad', number: 1, how: 'hangs', as: 'brief' })
        expect(await company.settled()).toMatchObject([
          { status: 'failed', attempts: 3, code: 'job_timeout' },
        ])
        // Those that look after the jobs have transactions too, which are soon over.
        const open = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`
        await expect.poll(async () => (await world.admin.query(open)).rowCount, patiently).toBe(0)
      })

      test('never sends, because no person has approved a rule', async () => {
        const company = world.newCompany()
        await company.run(askToSend, { sack: 'out', number: 1 })
        expect(await company.settled()).toMatchObject([{ status: 'failed', code: 'person_required' }])
        expect(await company.flour()).toEqual([])
      })
    })

    describe('long work', () => {
      test('is done piece by piece, each once, and says how far it is', async () => {
        const company = world.newCompany()
        await company.run(askForBread, { sack: 'rye', loaves: 5 })
        expect(await company.settled()).toMatchObject([
          { status: 'done', piece: 4, progress_done: '5', progress_total: '5' },
        ])
        expect((await company.flour()).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
      })

      test('is cancelled between two pieces, and goes on where it stopped when it is retried', async () => {
        const company = world.newCompany()
        const { id } = await company.run(askForBread, { sack: 'wheat', loaves: 2_000 })
        await expect.poll(async () => (await company.flour()).length, patiently).toBeGreaterThan(2)
        await company.call('platform.jobs.cancel', { id })
        const [cancelled] = await company.settled()
        expect(cancelled).toMatchObject({ status: 'cancelled', code: 'job_cancelled' })
        await world.admin.query(
          `UPDATE platform.jobs SET input = input || '{"last": 40}' WHERE tenant_id = $1`,
          [company.id],
        )
        await company.call('platform.jobs.retry', { id })
        expect(await company.settled()).toMatchObject([{ status: 'done' }])
        const flour = (await company.flour()).map(({ number }) => number)
        expect(flour).toEqual(Array.from({ length: Math.max(40, flour.length) }, (_, place) => place + 1))
      })

      test('is cut off within a piece when it is cancelled', async () => {
        const company = world.newCompany()
        const { ids } = await company.run(ask, { sack: 'slow', number: 1, how: 'hangs' })
        await expect.poll(async () => (await company.jobs())[0]?.status, patiently).toBe('running')
        await company.call('platform.jobs.cancel', { id: (ids as string[])[0] })
        expect(await company.settled()).toMatchObject([{ status: 'cancelled', attempts: 1 }])
        expect(await company.flour()).toEqual([])
      })
    })
  })
}
