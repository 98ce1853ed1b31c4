import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../fake/state.ts'
import { startTurnWorld, type TurnWorld } from '../turns/testWorld.ts'
import { sweepOld } from './sweep.ts'

let world: TurnWorld
beforeAll(async () => {
  world = await startTurnWorld()
  await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Nordlys')`, [
    world.tenant,
  ])
})
afterAll(() => world.close())

const sweep = (most?: number) => sweepOld(world.core.database, most)
const count = async (table: 'messages' | 'inbox' | 'threads', condition = 'true'): Promise<number> =>
  Number((await world.admin.query(`SELECT count(*) FROM slack.${table} WHERE ${condition}`)).rows[0].count)

/** A thread in which Anna asks and Mikkel says something, so many days ago. */
async function thread(days: number): Promise<Message> {
  const question = world.slack.mention('anna', 'general', 'say hello')
  await world.settled()
  world.slack.say('mikkel', 'general', `<@${world.slack.workspace.user('anna').id}> ja`, { thread: question })
  await world.settled()
  await world.admin.query(
    `UPDATE slack.messages SET created_at = now() - make_interval(days => $1) WHERE root = $2`,
    [days, question.ts],
  )
  return question
}
const saidIn = ({ ts }: Message) => count('messages', `root = '${ts}'`)

describe('what was said in threads', () => {
  test('is kept for as long as is usual, and then let go of', async () => {
    const [old, young] = [await thread(91), await thread(89)]
    await sweep()
    expect([await saidIn(old), await saidIn(young)]).toEqual([0, 2])
  })

  test('is kept for as many days as its company chose', async () => {
    const question = await thread(20)
    await sweep()
    expect(await saidIn(question)).toBe(2)
    await world.call('platform.settings.update', { id: 'slack.messagesKeptDays', value: 10 })
    await sweep()
    expect(await saidIn(question)).toBe(0)
    await world.call('platform.settings.update', { id: 'slack.messagesKeptDays', value: null })
  })

  test('stays while somebody is at work on the answer; a question that was left for good goes', async () => {
    const question = await thread(91)
    const ask = (lease: string) =>
      world.admin.query(`UPDATE slack.messages SET state = 'asked', person_id = $1, leased_until = now() + $2::interval WHERE ts = $3`, [world.anna, lease, question.ts]) // prettier-ignore
    await ask('1 hour')
    await sweep()
    expect(await saidIn(question)).toBe(1)
    await ask('-1 second')
    await sweep()
    expect(await saidIn(question)).toBe(0)
  })

  test('goes in pieces, all of it', async () => {
    const threads = [await thread(91), await thread(91), await thread(91)]
    await sweep(2)
    expect(await Promise.all(threads.map(saidIn))).toEqual([0, 0, 0])
  })

  test('long ago leaves a thread that goes on as the same conversation', async () => {
    const question = await thread(91)
    await sweep()
    world.slack.say('anna', 'general', 'say again', { thread: question })
    await world.settled()
    expect(world.answers(question)).toEqual(['hello', 'again'])
    expect((await world.kept(question)).filter(({ role }) => role === 'person').length).toBe(2)
  })
})

test('a conversation that is deleted takes its thread with it, and nobody else’s', async () => {
  const [question, other] = [await thread(1), await thread(1)]
  const { rows } = await world.admin.query(`SELECT conversation_id AS id FROM slack.threads WHERE root = $1`, [question.ts]) // prettier-ignore
  const actor = { kind: 'person', id: world.anna, name: 'Anna' } as const
  await world.call('platform.conversations.delete', { id: rows[0].id }, world.tenant, { actor })
  expect([await saidIn(question), await saidIn(other)]).toEqual([0, 2])
  expect(await count('threads', `root = '${question.ts}'`)).toBe(0)
  world.slack.mention('anna', 'general', 'say anew', { thread: question })
  await world.settled()
  expect(world.answers(question).at(-1)).toBe('anew')
})

test('events that were worked through a day ago are forgotten, in pieces, and no others', async () => {
  const [all, recent] = [await count('inbox'), 2]
  expect(all).toBeGreaterThan(5)
  await world.admin.query(
    `UPDATE slack.inbox SET done_at = now() - interval '25 hours' WHERE id NOT IN (SELECT id FROM slack.inbox ORDER BY position DESC LIMIT ${recent})`,
  )
  await sweep(3)
  expect(await count('inbox')).toBe(recent)
})
