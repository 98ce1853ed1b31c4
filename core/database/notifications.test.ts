import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { cableTo } from '../testing/cable.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { openNotifications } from './notifications.ts'

const channel = 'tekup_probe'

describe('whoever listens for notifications', () => {
  let world: TestDatabase
  const warned = vi.spyOn(process, 'emitWarning')

  beforeAll(async () => {
    world = await testDatabase()
  })
  afterAll(() => world.close())

  const say = (word: string) => world.admin.query(`SELECT pg_notify('${channel}', '${word}')`)

  test('finds out that its connection has gone without a word, and hears again over a new one', async () => {
    const cable = await cableTo(world.runtimeUrl)
    const heard: string[] = []
    const hearing: boolean[] = []
    const notifications = openNotifications({ url: cable.url, heartbeat: 200 })
    await notifications.follow(channel, {
      onNotification: (payload) => heard.push(payload),
      onHearing: (now) => hearing.push(now),
    }).ready
    await say('before')
    await vi.waitFor(() => expect(heard).toEqual(['before']))

    cable.silence()
    await say('meanwhile')
    await vi.waitFor(() => expect(hearing).toEqual([false]), { timeout: 20_000 })
    await cable.mend()
    await vi.waitFor(() => expect(hearing.at(-1)).toBe(true), { timeout: 20_000 })
    await say('after')
    await vi.waitFor(() => expect(heard).toEqual(['before', 'after']))

    await notifications.close()
    await cable.close()
  })

  test('hears each channel for itself over one connection, and what others say, not its own words', async () => {
    const [here, there] = [
      openNotifications({ url: world.runtimeUrl }),
      openNotifications({ url: world.runtimeUrl }),
    ]
    const heard: string[] = []
    const follow = (name: string) => {
      const onNotification = (payload: string): void => void heard.push(`${name}: ${payload}`)
      return here.follow(name, { onNotification, onHearing: () => undefined })
    }
    const [first, second, both] = [follow('tekup_one'), follow('tekup_two'), follow('tekup_two')]
    await Promise.all([first.ready, second.ready, both.ready])
    await here.notify('tekup_one', ['its own'])
    await there.notify('tekup_one', ['a', 'b'])
    await there.notify('tekup_two', ['c'])
    await vi.waitFor(() =>
      expect(heard).toEqual(['tekup_one: a', 'tekup_one: b', 'tekup_two: c', 'tekup_two: c']),
    )

    first.end()
    second.end()
    await there.notify('tekup_one', ['d'])
    await there.notify('tekup_two', ['e'])
    await vi.waitFor(() => expect(heard.slice(4)).toEqual(['tekup_two: e']))
    const listening = await world.admin.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tekup-listen'`,
    )
    expect(listening.rowCount).toBe(2)
    await Promise.all([here.close(), there.close()])
  })

  test('says nothing while there is no connection, and says so', async () => {
    const unreachable = openNotifications({ url: 'postgres://nobody@127.0.0.1:1/nothing' })
    await expect(unreachable.notify(channel, ['a'])).rejects.toThrow('no connection')
    await unreachable.close()
  })

  test('says everything over its one connection, one after the other', async () => {
    const here = openNotifications({ url: world.runtimeUrl, heartbeat: 20 })
    const there = openNotifications({ url: world.runtimeUrl })
    const heard: string[] = []
    const onNotification = (payload: string): void => void heard.push(payload)
    await here.follow(channel, { onNotification, onHearing: () => undefined }).ready
    const words = Array.from({ length: 50 }, (_, place) => String(place))
    await Promise.all(words.map((word) => there.notify(channel, [word])))
    await vi.waitFor(() => expect(heard).toEqual(words))
    // `pg` warns, once in a process, of a statement that is asked for while another one is being answered.
    expect(warned.mock.calls.flat().join()).not.toContain('already executing')
    await Promise.all([here.close(), there.close()])
  })
})
