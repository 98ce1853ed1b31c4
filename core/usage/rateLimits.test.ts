import { describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { createRateLimits } from './rateLimits.ts'

const callerOf = (tenant: string, id: string, kind: 'person' | 'key' = 'person'): Caller => ({
  tenant: { id: tenant, name: tenant },
  actor: { kind, id, name: id, ...(kind === 'key' && { personId: id }) } as Caller['actor'],
  origin: { surface: 'rest', requestId: 'test' },
  locale: 'en',
  permissions: new Set(),
  domains: new Set(),
})
const rules = { actor: { points: 3, seconds: 60 }, tenant: { points: 5, seconds: 60 } }

describe('allowances', () => {
  test('are each person’s and each key’s own, within the company’s', async () => {
    const limits = createRateLimits(rules)
    for (let call = 0; call < 3; call++) await limits.take(callerOf('nordlys', 'anna'))
    await expect(limits.take(callerOf('nordlys', 'anna'))).rejects.toMatchObject({ code: 'rate_limited' })
    await limits.take(callerOf('nordlys', 'anna', 'key'))
    await limits.take(callerOf('nordlys', 'mikkel'))
    await expect(limits.take(callerOf('nordlys', 'mikkel'))).rejects.toMatchObject({ code: 'rate_limited' })
    await expect(limits.take(callerOf('fjord', 'sofie'))).resolves.toBeUndefined()
  })

  test('say what is left, the tightest first, and how long a refused caller waits', async () => {
    const limits = createRateLimits(rules)
    const caller = callerOf('nordlys', 'anna')
    await limits.take(caller)
    expect(limits.stateOf(caller)).toMatchObject({ limit: 3, remaining: 2 })
    await limits.take(caller)
    await limits.take(caller)
    const refusal = await limits.take(caller).catch((fault: unknown) => fault)
    expect(refusal).toMatchObject({ code: 'rate_limited', details: { limit: 3 } })
    expect(limits.stateOf(caller)).toMatchObject({ remaining: 0 })
    expect((refusal as { details: { seconds: number } }).details.seconds).toBeGreaterThan(0)
  })
})
