import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveMessage } from '../live/hint.ts'
import type { Reader } from '../live/connection.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { ask, bring } from '../testing/mill/mill.ts'
import { jobsWorld, type JobsWorld } from './testWorld.ts'

let world: JobsWorld
beforeAll(async () => {
  world = await jobsWorld()
  world.start()
})
afterAll(() => world.close())

describe('whoever looks after jobs', () => {
  test('sees why one failed, in their language, and has it done again once the reason is gone', async () => {
    const company = world.newCompany()
    const { ids } = await company.run(ask, { sack: 'bad', number: 1, how: 'refuses' })
    await company.settled()
    const [id] = ids as string[]
    expect(await company.call('platform.jobs.get', { id })).toMatchObject({
      status: 'failed',
      reason: 'It does not exist, or you cannot see it. Check the address or the id.',
    })
    await world.admin.query(
      `UPDATE platform.jobs SET input = input || '{"how": "well"}' WHERE tenant_id = $1`,
      [company.id],
    )
    await company.call('platform.jobs.retry', { id })
    expect(await company.settled()).toMatchObject([{ status: 'done', code: null }])
    await expect(company.call('platform.jobs.retry', { id })).rejects.toMatchObject({ code: 'conflict' })
    await expect(company.call('platform.jobs.cancel', { id })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('takes away at once what waits under a name, and counts what there is', async () => {
    const company = world.newCompany()
    await company.run(ask, { sack: 'later', number: 1, times: 30, after: 3_600_000 })
    expect(await company.call('platform.jobs.drain', { name: 'mill.flour.grindLater' })).toEqual({
      cancelled: 30,
    })
    expect(await company.call('platform.jobStatistics.list', {})).toMatchObject({
      items: [{ name: 'mill.flour.grindLater', status: 'cancelled', jobs: 30 }],
    })
  })

  test('is told live what becomes of each, also of those that nobody asked for', async () => {
    const company = world.newCompany()
    const told: LiveMessage[] = []
    const who = world.callerOf(company.id)
    const reading = world.core.live.connect(who, readerOf(who, told))
    await reading.follow(['platform.jobs'])
    await company.run(ask, { sack: 'seen', number: 1 })
    await company.run(bring, { sack: randomUUID(), times: 1 })
    const ids = (await company.settled()).map(({ id }) => id)
    await expect.poll(() => subjectsOf(told)).toEqual(expect.arrayContaining(ids))
    // What became of those is told more than once, and the last of it perhaps only now.
    const sinceThen = (): unknown[] => subjectsOf(told).filter((subject) => !ids.includes(subject as string))
    const { ids: [waiting] } = (await company.run(ask, { sack: 'late', number: 1, after: 3_600_000 })) as { ids: string[] } // prettier-ignore
    await expect.poll(sinceThen).toEqual([waiting])
    await company.call('platform.jobs.cancel', { id: waiting })
    await expect.poll(sinceThen).toEqual([waiting, waiting])
    await company.call('platform.jobs.drain', { name: 'mill.flour.grindLater' })
    await expect.poll(sinceThen).toEqual([waiting, waiting, undefined])
    reading.end()
  })

  test('reads what a job does and with what, and what jobs there can be, in their own words', async () => {
    const company = world.newCompany()
    await company.run(ask, { sack: 'bad', number: 7, how: 'refuses' })
    const id = (await company.settled())[0]!.id
    expect(await company.call('platform.jobs.explain', { id })).toMatchObject({
      title: 'Grind what was brought',
      automation: null,
      mostAttempts: 3,
      fields: expect.arrayContaining([expect.objectContaining({ name: 'sack', value: 'bad' })]),
    })
    expect(await company.call('platform.jobs.kinds', {})).toMatchObject({
      items: expect.arrayContaining([
        { name: 'mill.flour.grindLater', title: 'Grind what was brought', attempts: 3 },
        { name: 'platform.automations.follow', title: 'What an automation does', attempts: 5 },
      ]),
    })
  })

  test('reads of what follows on an event what the event said', async () => {
    const company = world.newCompany()
    const sack = randomUUID()
    await company.run(bring, { sack, times: 1 })
    const id = (await company.settled())[0]!.id
    const { fields } = await company.call('platform.jobs.explain', { id })
    expect(fields).toEqual(expect.arrayContaining([expect.objectContaining({ value: sack })]))
  })

  test('reads nothing of a job that is not theirs to see', async () => {
    const company = world.newCompany()
    await company.run(bring, { sack: randomUUID(), times: 1 })
    const id = (await company.settled())[0]!.id
    const explain = world.core.registry.find('platform.jobs.explain')!
    const caller = world.callerOf(company.id)
    const permissions = new Set(['platform.jobs:read'])
    await expect(world.core.invoke(explain, { id }, { ...caller, permissions })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('is an admin; others see what they asked for themselves', async () => {
    const company = world.newCompany()
    await company.run(ask, { sack: 'mine', number: 1 })
    await company.run(bring, { sack: randomUUID(), times: 1 })
    await company.settled()
    const caller = world.callerOf(company.id)
    const permissions = new Set(
      [...caller.permissions].filter((permission) => permission !== 'platform.jobs:write'),
    )
    const list = world.core.registry.find('platform.jobs.list')!
    const { items } = (await world.core.invoke(list, {}, { ...caller, permissions })).value as {
      items: { name: string }[]
    }
    expect(items).toMatchObject([{ name: 'mill.flour.grindLater' }])
  })
})

/** Somebody who reads along within this process, and takes everything at once. */
const readerOf = (who: Authenticated, told: LiveMessage[]): Reader => ({
  kind: 'socket',
  send: (message) => void told.push(message),
  waiting: 0,
  ping: () => undefined,
  close: () => undefined,
  present: async () => who,
})

const subjectsOf = (told: readonly LiveMessage[]) =>
  told.flatMap((message) => (message.type === 'event' ? [message.subject] : []))
