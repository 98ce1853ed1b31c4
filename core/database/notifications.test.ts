import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
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
    const notifications = openNotifications({ url: cable.url, heartbeat: 500 })
    await notifications.follow(channel, {
      onNotification: (payload) => heard.push(payload),
      onHearing: (now) => hearing.push(now),
    }).ready
    // Said until it is heard: a server that is busy for half a second is taken for one that has gone, too.
    const saidAndHeard = async (word: string): Promise<string[]> => {
      await say(word)
      return heard
    }
    await expect.poll(() => saidAndHeard('before')).toContain('before')

    cable.silence()
    await say('meanwhile')
    await expect.poll(() => hearing.at(-1)).toBe(false)
    await cable.mend()
    await expect.poll(() => hearing.at(-1)).toBe(true)
    await expect.poll(() => saidAndHeard('after')).toContain('after')
    expect(heard).not.toContain('meanwhile')

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
    await expect.poll(() => heard).toEqual(['tekup_one: a', 'tekup_one: b', 'tekup_two: c', 'tekup_two: c'])

    first.end()
    second.end()
    await there.notify('tekup_one', ['d'])
    await there.notify('tekup_two', ['e'])
    await expect.poll(() => heard.slice(4)).toEqual(['tekup_two: e'])
    // The server may still be letting go of those of the test before.
    const listening = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tekup-listen'`
    await expect.poll(async () => (await world.admin.query(listening)).rowCount).toBe(2)
    await Promise.all([here.close(), there.close()])
  })

  test('says nothing while there is no connection, and says so', async () => {
    const unreachable = openNotifications({ url: 'postgres://nobody@127.0.0.1:1/nothing' })
    await expect(unreachable.notify(channel, ['a'])).rejects.toThrow('no connection')
    await unreachable.close()
  })

  test('says everything over its one connection, one after the other', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const here = openNotifications({ url: world.runtimeUrl })
    const there = openNotifications({ url: world.runtimeUrl })
    const heard: string[] = []
    const onNotification = (payload: string): void => void heard.push(payload)
    await here.follow(channel, { onNotification, onHearing: () => undefined }).ready
    const words = Array.from({ length: 50 }, (_, place) => String(place))
    await there.notify(channel, ['first'])
    const said = words.map((word) => there.notify(channel, [word]))
    // It asks whether the server is still there while all that is still on its way.
    vi.advanceTimersByTime(20_000)
    await Promise.all(said)
    await expect.poll(() => heard).toEqual(['first', ...words])
    // `pg` warns, once in a process, of a statement that is asked for while another one is being answered.
    expect(warned.mock.calls.flat().join()).not.toContain('already executing')
    await Promise.all([here.close(), there.close()])
  })
})
