import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApps } from '../install/apps.ts'
import { startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { createSockets, type Sockets } from './sockets.ts'

let world: SlackWorld
const heard: string[] = []
let second: Sockets | undefined
beforeAll(async () => {
  world = await startSlackWorld({
    socketMode: true,
    limits: false,
    listen: (app) => {
      app.event('message', async ({ event }) => void heard.push('text' in event ? (event.text ?? '') : ''))
      app.command('/hear', async ({ ack, command }) => ack(`You said ${command.text}`))
    },
  })
  await world.connect()
})
afterAll(async () => {
  await second?.close()
  await world.close()
})

describe('Socket Mode', () => {
  test('brings what HTTP would, into the same inbox, over one connection', async () => {
    await expect.poll(() => world.slack.openSockets).toBe(1)
    world.slack.invite('general')
    world.slack.say('anna', 'general', 'through the socket')
    await expect.poll(() => heard).toEqual(['through the socket'])
    await world.channel.settled()
    const { rows } = await world.admin.query(`SELECT outcome FROM slack.inbox WHERE message IS NOT NULL`)
    expect(rows).toEqual([{ outcome: 'done' }])
  })

  test('connects again when Slack asks for it, and hears what was said meanwhile', async () => {
    world.slack.refreshSockets()
    await expect.poll(() => world.slack.openSockets).toBe(1)
    world.slack.say('anna', 'general', 'after the refresh')
    await expect.poll(() => heard.includes('after the refresh')).toBe(true)
  })

  test('has one leader: another process holds no connection until the first one goes', async () => {
    second = createSockets(world.core, createApps(world.core), async () => ({ status: 200 }))
    await expect
      .poll(async () => (await world.admin.query('SELECT app FROM slack.leaders')).rows)
      .toHaveLength(1)
    expect(world.slack.openSockets).toBe(1)
  })
})
