import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '#core'
import type { Message } from '../fake/state.ts'
import { startTurnWorld, type TurnWorld } from './testWorld.ts'

let world: TurnWorld
beforeAll(async () => {
  world = await startTurnWorld()
})
afterAll(() => world.close())

const answers = (question: Message) => world.answers(question)
const mention = (person: string, text: string) => world.slack.mention(person, 'general', text)
const turnsOf = (text: string) => world.turns.filter((turn) => turn.text === text)

const waitingFor = `SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))`

test('Stop ends the stream and the model, and says so', async () => {
  const question = mention('anna', 'say begun\nhold')
  await world.held('say begun\nhold')
  world.slack.stop('anna', question)
  await world.settled()
  expect(world.turns.at(-1)!.signal.aborted).toBe(true)
  expect(answers(question).join()).toContain('_Stopped._')
  expect((await world.kept(question)).at(-1)).toMatchObject({ role: 'agent', status: 'stopped' })
  expect(world.slack.session(question)?.status).toBe('active')
})

test('Stop during a call lets that be done, and nothing after it', async () => {
  const { id } = await world.call<{ id: string }>('shelf.books.create', { title: 'Before' })
  const text = `call shelf.books.update {"id":"${id}","title":"During"}\ncall shelf.books.create {"title":"After"}\nsay never`
  const question = await world.core.database.transaction(world.tenant, 'READ WRITE', async ({ query }) => {
    // The call waits for somebody who is at the same book.
    await query(sql`SELECT FROM shelf.books WHERE tenant_id = ${world.tenant} AND id = ${id} FOR UPDATE`)
    const [here] = await query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
    const asking = mention('anna', text)
    await world.until(async () => (await world.admin.query(waitingFor, [here!.pid])).rowCount !== 0)
    world.slack.stop('anna', asking)
    await world.until(() => turnsOf(text)[0]!.signal.aborted)
    return asking
  })
  await world.settled()
  expect(answers(question).join()).toContain('_Stopped._')
  expect(answers(question).join()).not.toContain('never')
  expect((await world.kept(question)).at(-1)).toMatchObject({ role: 'agent', status: 'stopped' })
  const titles = await world.admin.query(`SELECT title FROM shelf.books WHERE id = $1 OR title = 'After'`, [id]) // prettier-ignore
  expect(titles.rows).toEqual([{ title: 'During' }])
  expect(world.slack.session(question)?.status).toBe('active')
})

test('Stop is for whoever asked alone', async () => {
  const question = mention('anna', 'hold\nsay still here')
  await world.held('hold\nsay still here')
  world.slack.stop('mikkel', question)
  const told = () => world.slack.messages('general').map(({ text }) => text).join() // prettier-ignore
  await world.until(() => told().includes('Only the person who asked can stop the answer.'))
  world.goOn()
  await world.settled()
  expect(answers(question).at(-1)).toBe('still here')
})

test('Stop takes back what waits for a yes', async () => {
  const question = mention('anna', 'call shelf.books.create {"title":"Lent"}\nsay book')
  await world.settled()
  const made = (await world.kept(question)).length
  expect(made).toBe(2)
  const { rows } = await world.admin.query(`SELECT id FROM shelf.books WHERE title = 'Lent'`)
  const text = `call shelf.books.lend {"id":"${rows[0].id}","to":"bente@havneby.example"}`
  const asking = world.slack.say('anna', 'general', text, { thread: question })
  await world.settled()
  const status = async () => (await world.admin.query(`SELECT status FROM platform.approvals WHERE tenant_id = $1`, [world.tenant])).rows // prettier-ignore
  expect(await status()).toEqual([{ status: 'pending' }])
  world.slack.stop('anna', asking)
  await world.settled()
  expect(await status()).toEqual([{ status: 'rejected' }])
})
