import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { testCore, type TestCore } from './core.ts'
import { describeTenancy } from './describeTenancy.ts'
import { shelf } from './shelf/shelf.ts'
import { invokeDriver } from './surfaceDriver.ts'

describe('two tenants of the smallest domain on one pool', () => {
  let shared: TestCore
  let lonely: TestCore
  beforeAll(async () => {
    shared = await testCore([shelf])
    lonely = await testCore([shelf])
  })
  afterAll(() => Promise.all([shared.close(), lonely.close()]))

  describeTenancy(
    shelf.operations,
    async () => ({
      together: {
        driver: invokeDriver(shared.core),
        ours: shared.callerOf(randomUUID()),
        theirs: shared.callerOf(randomUUID()),
      },
      alone: { driver: invokeDriver(lonely.core), ours: lonely.callerOf(randomUUID()) },
    }),
    { numRuns: 30, steps: 30 },
  )
})
