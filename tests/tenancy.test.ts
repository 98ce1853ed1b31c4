import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { createRegistry } from '#core'
import { describeTenancy, invokeDriver, testCore, type TestCore } from '#core/testing'
import { agentsPlugin } from '#agents'
import { slackPlugin } from '#channels/slack'
import { plugins as domains } from '#plugins'

const plugins = [agentsPlugin, slackPlugin, ...domains]

let shared: TestCore
let lonely: TestCore
beforeAll(async () => {
  shared = await testCore(plugins)
  lonely = await testCore(plugins)
})
afterAll(() => Promise.all([shared.close(), lonely.close()]))

describeTenancy(
  createRegistry(plugins).operations,
  async () => ({
    together: {
      driver: invokeDriver(shared.core),
      ours: shared.callerOf(randomUUID()),
      theirs: shared.callerOf(randomUUID()),
    },
    alone: { driver: invokeDriver(lonely.core), ours: lonely.callerOf(randomUUID()) },
  }),
  { numRuns: 25, steps: 40 },
)
