import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHearingWorld, type HearingWorld } from '../testing/hearingWorld.ts'

let world: HearingWorld
beforeAll(async () => void (world = await startHearingWorld()))
afterAll(() => world.close())

const met = async () => (await world.admin.query('SELECT name FROM slack.channels')).rows

test('a channel is met where the app is mentioned, in whichever of its two ways Slack tells of that first', async () => {
  for (const type of ['message', 'app_mention']) {
    await world.admin.query('DELETE FROM slack.channels')
    const text = `<@${world.slack.workspace.user('tekup').id}> hej`
    await world.deliver(world.envelope(text, world.nextTs(), {}, { type }))
    await world.settled()
    expect(await met()).toEqual([{ name: 'general' }])
  }
})

test('a channel where others speak is not', async () => {
  await world.admin.query('DELETE FROM slack.channels')
  await world.deliver(world.envelope('god morgen'))
  await world.settled()
  expect(await met()).toEqual([])
})
