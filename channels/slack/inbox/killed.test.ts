import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { createBolt } from './bolt.ts'
import { createInbox } from './inbox.ts'

const fixture = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url))

let world: SlackWorld
const heard: string[] = []
beforeAll(async () => {
  world = await startSlackWorld()
  await world.connect()
  // Nobody here works until the other process is dead.
  await world.channel.close()
})
afterAll(() => world.close())

test('an event whose process is killed between the inbox and the turn is worked on by another, once', async () => {
  const team = world.slack.workspace.team().id
  const body = {
    type: 'event_callback', api_app_id: world.slack.app.id, team_id: team, event_id: `Ev${randomUUID()}`,
    authorizations: [{ enterprise_id: null, team_id: team }],
    event: { type: 'message', channel: 'C1', user: world.slack.workspace.user('anna').id, text: 'do not lose this', ts: '1766458026.240809', event_ts: '1766458026.240809' },
  } // prettier-ignore
  const given = {
    url: world.runtimeUrl,
    secret: world.secret.toString('base64'),
    body,
    environment: world.slack.settings,
  }
  const child = spawn(process.execPath, [fixture, JSON.stringify(given)])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('kept')
  expect((await lines.next()).value).toBe('begun')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const bolt = createBolt(world.core)
  bolt.app.event('message', async ({ event }) => void heard.push('text' in event ? (event.text ?? '') : ''))
  const another = () => createInbox(world.core, async () => bolt, 3_000)
  const [one, two] = [another(), another()]
  await expect.poll(() => heard).toEqual(['do not lose this'])
  await Promise.all([one.close(), two.close()])
  const { rows } = await world.admin.query(`SELECT outcome FROM slack.inbox`)
  expect(rows).toEqual([{ outcome: 'done' }])
  expect(heard).toHaveLength(1)
})
