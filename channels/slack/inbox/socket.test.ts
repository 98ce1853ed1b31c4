import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '#core'
import { createApps } from '../install/apps.ts'
import { socketsClosed } from '../fake/testWorld.ts'
import { startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { openSocket } from './socket.ts'
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
  test('opens no socket at a foreign address, whoever names it', async () => {
    const { config, foreigners, close } = await startMisleadingSlack(world.core.config)
    const [app] = await createApps(world.core).withSockets()
    const opening = openSocket({ ...world.core, config }, app!, async () => ({ status: 200 }))
    await expect(opening).rejects.toThrow('foreign address')
    expect(foreigners()).toBe(0)
    await close()
  })

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
    await socketsClosed(world.slack)
    world.slack.say('anna', 'general', 'after the refresh')
    await expect.poll(() => heard).toContain('after the refresh')
    expect(world.slack.openSockets).toBe(1)
  })

  test('has one leader: another process holds no connection until the first one goes', async () => {
    const apps = createApps(world.core)
    let looks = 0
    const withSockets = async () => (looks++, apps.withSockets())
    second = createSockets(world.core, { ...apps, withSockets }, async () => ({ status: 200 }))
    // Its second look begins when the first one has led to nothing.
    await expect.poll(() => looks).toBeGreaterThan(1)
    expect(world.slack.openSockets).toBe(1)
    expect((await world.admin.query('SELECT app FROM slack.leaders')).rows).toHaveLength(1)
    await world.channel.close()
    await socketsClosed(world.slack)
    await expect.poll(() => world.slack.openSockets).toBe(1)
  })
})

/** A Slack whose answer names a socket at another host than its own, and greets whoever comes there. */
async function startMisleadingSlack(config: Config) {
  let foreigners = 0
  const sockets = new WebSocketServer({ host: 'localhost', port: 0 }).on('connection', (socket) => {
    foreigners++
    socket.send(JSON.stringify({ type: 'hello' }))
  })
  await once(sockets, 'listening')
  const url = `ws://localhost:${(sockets.address() as AddressInfo).port}/link/`
  const methods = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, url })),
  ).listen(0, '127.0.0.1')
  await once(methods, 'listening')
  const { port } = methods.address() as AddressInfo
  return {
    config: { ...config, SLACK_API_URL: `http://127.0.0.1:${port}/api/` },
    foreigners: () => foreigners,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      methods.closeAllConnections()
      await Promise.all([sockets, methods].map((server) => new Promise((closed) => server.close(closed))))
    },
  }
}
