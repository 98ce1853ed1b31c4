import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTurnWorld, type Process, type TurnWorld } from './testWorld.ts'

let world: TurnWorld
let other: Process
beforeAll(async () => {
  world = await startTurnWorld()
  other = await world.another()
})
afterAll(async () => {
  await other.close()
  await world.close()
})

/** A question that the first process works on; what is told of it from then on, the other process hears. */
async function askFirst(text: string) {
  await world.tellFirst()
  const question = world.slack.mention('anna', 'general', text)
  const turn = await world.held(text)
  await world.slack.connect(other.address)
  return { question, turn }
}

/** Either process may find what the other one was told. */
async function settled(): Promise<void> {
  for (let looks = 0; looks < 2; looks++) {
    await world.settled()
    await other.channel.settled()
  }
}
const stateOf = async (ts: string): Promise<string> =>
  (await world.admin.query('SELECT state FROM slack.messages WHERE ts = $1', [ts])).rows[0].state

test('a Stop that another process hears ends the turn where it runs', async () => {
  const { question, turn } = await askFirst('say begun\nhold\nsay never')
  world.slack.stop('anna', question)
  await world.until(() => turn.signal.aborted)
  await settled()
  expect(world.answers(question).join()).toContain('_Stopped._')
  expect(world.answers(question).join()).not.toContain('never')
  expect(await stateOf(question.ts)).toBe('stopped')
})

test('an edit that another process hears is answered there, and the old words are not', async () => {
  const { question, turn } = await askFirst('hold\nsay old')
  world.slack.edit(question, `${question.text.split('>')[0]}> say new`)
  await world.until(() => turn.signal.aborted)
  await settled()
  expect(world.answers(question).filter((text) => text === 'new')).toHaveLength(1)
  expect(world.answers(question).join()).not.toContain('old')
  expect(world.turns.filter(({ text }) => text === 'say new')).toHaveLength(1)
  expect(await stateOf(question.ts)).toBe('answered')
})

test('an uninstall that another process hears ends the turn: nothing more is posted, and nothing stays open', async () => {
  const { question, turn } = await askFirst('say begun\nhold\nsay never')
  await world.until(() => world.answers(question).length === 1)
  // Questions whose process is gone, so long ago that nobody takes them over.
  await world.admin.query(
    `UPDATE slack.messages SET state = 'asked', leased_until = now() - interval '1 hour', created_at = now() - interval '2 hours'
     WHERE ts <> $1 AND person_id IS NOT NULL`,
    [question.ts],
  )
  const posts = () => world.slack.calls().filter(({ method }) => method.startsWith('chat.')).length
  const before = posts()
  world.slack.uninstall()
  await world.until(() => turn.signal.aborted)
  await settled()
  const open = async (table: string, condition: string) =>
    (await world.admin.query(`SELECT 1 FROM ${table} WHERE ${condition}`)).rowCount
  await world.until(async () => (await open('slack.messages', `state = 'asked'`)) === 0)
  await world.until(async () => (await open('slack.outbox', `state IN ('open', 'due')`)) === 0)
  expect(await open('slack.inbox', 'done_at IS NULL')).toBe(0)
  expect(await open('platform.turns', `status IN ('waiting', 'running')`)).toBe(0)
  expect(posts()).toBe(before)
  expect(world.answers(question).join()).not.toContain('never')
})
