import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLogger } from '../observability/log.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { listenForNotifications } from './notifications.ts'

const channel = 'tekup_probe'
const log = createLogger({ level: 'silent', format: 'json' })

describe('whoever listens for notifications', () => {
  let world: TestDatabase

  beforeAll(async () => {
    world = await testDatabase()
  })
  afterAll(() => world.close())

  const say = (word: string) => world.admin.query(`SELECT pg_notify('${channel}', '${word}')`)

  test('finds out that its connection has gone without a word, and hears again over a new one', async () => {
    const cable = await cableTo(world.runtimeUrl)
    const heard: string[] = []
    const hearing: boolean[] = []
    const listener = listenForNotifications({
      url: cable.url,
      channel,
      log,
      heartbeat: 200,
      onNotification: (payload) => heard.push(payload),
      onHearing: (now) => hearing.push(now),
    })
    await listener.ready
    await say('before')
    await vi.waitFor(() => expect(heard).toEqual(['before']))

    cable.cut()
    await say('meanwhile')
    await vi.waitFor(() => expect(hearing).toEqual([false, true]), { timeout: 20_000 })
    await say('after')
    await vi.waitFor(() => expect(heard).toEqual(['before', 'after']))

    await listener.close()
    await cable.close()
  })
})

/** A way to the server that can be cut without either end being told. */
async function cableTo(address: string) {
  const url = new URL(address)
  const there = { host: url.hostname, port: Number(url.port) }
  const ends: Socket[] = []
  const server = createServer((near) => {
    const far = connect(there)
    near.pipe(far).pipe(near)
    for (const end of [near, far]) end.on('error', () => undefined)
    ends.push(near, far)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cut: () => ends.forEach((end) => end.unpipe()),
    close: async () => {
      ends.forEach((end) => end.destroy())
      await new Promise((closed) => server.close(closed))
    },
  }
}
