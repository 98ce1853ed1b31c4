import { WebAPIRateLimitedError } from '@slack/web-api'
import { afterEach, describe, expect, test } from 'vitest'
import { startTestWorld, type TestWorld } from './testWorld.ts'

let world: TestWorld
afterEach(() => world.close())

const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let index = 0; index < count; index++) await work()
}
const strict = () => world.clientFor(world.token, { rejectRateLimitedCalls: true })

describe('rate limits', () => {
  test.each([
    ['reactions.remove', 20],
    ['conversations.info', 50],
    ['users.info', 100],
  ])(
    '%s is refused after %i calls within a minute, and free again when it is over',
    async (method, allowed) => {
      world = await startTestWorld()
      const call = () =>
        strict()
          .apiCall(method, { channel: world.general })
          .catch((error: unknown) => error)
      await times(allowed, call)
      const refused = await call()
      expect(refused).toBeInstanceOf(WebAPIRateLimitedError)
      expect((refused as WebAPIRateLimitedError).retryAfter).toBe(60)
      await world.slack.clock.advance((refused as WebAPIRateLimitedError).retryAfter * 1000)
      expect(await call()).not.toBeInstanceOf(WebAPIRateLimitedError)
    },
  )

  test('a channel takes three messages at once, and then one a second', async () => {
    world = await startTestWorld()
    const post = () => strict().chat.postMessage({ channel: world.general, text: 'a' })
    await times(3, post)
    await expect(post()).rejects.toBeInstanceOf(WebAPIRateLimitedError)
    await world.slack.clock.advance(3000)
    await expect(post()).resolves.toMatchObject({ ok: true })
  })

  test('an app that is sold outside the marketplace reads history once a minute, fifteen messages at most', async () => {
    world = await startTestWorld({ isCommercial: true })
    for (let index = 0; index < 20; index++) world.slack.say('anna', 'general', String(index))
    const read = () => strict().conversations.history({ channel: world.general, limit: 100 })
    expect((await read()).messages).toHaveLength(15)
    await expect(read()).rejects.toMatchObject({ retryAfter: 60 })
  })

  test('Slack’s own client waits as long as it is told, and goes on', async () => {
    world = await startTestWorld()
    world.slack.failNext('auth.test', '429')
    await expect(
      world.clientFor(world.token, { retryConfig: { retries: 1, minTimeout: 1 } }).auth.test(),
    ).resolves.toMatchObject({ ok: true })
    expect(world.slack.calls('auth.test')).toHaveLength(2)
  })
})
