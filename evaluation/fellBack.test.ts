import { afterAll, beforeAll, expect, test } from 'vitest'
import { examine } from './examine.ts'
import { failed } from './report.ts'
import type { EvaluationSet } from './sets.ts'
import { openEvaluationWorld, type EvaluationWorld } from './world.ts'

/** Nothing listens at this port (RFC 863 keeps it for discarding). */
const nobody = { OPENAI_API_KEY: 'nobody', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
const set: EvaluationSet = {
  calls: [{ say: 'vis lige vores aftaler', operation: 'crm.deals.list', input: {} }],
  outside: ['bestil en kage'],
  conversations: [],
}

let world: EvaluationWorld
beforeAll(async () => void (world = await openEvaluationWorld(nobody)), 120_000)
afterAll(() => world.close())

test('what the offline model answers for a vendor’s is counted apart, and the run has failed', async () => {
  const result = await examine(world, set, 'da')
  expect(result.fellBack).toEqual({ right: 2, of: 2 })
  expect(result.operation).toEqual({ right: 0, of: 0 })
  expect(result.refused).toEqual({ right: 0, of: 0 })
  expect(failed('openai', [{ locale: 'da', half: 'tuning', result }])).toBe(true)
}, 120_000)
