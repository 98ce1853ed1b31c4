import { readConfig, type Environment } from '../config.ts'
import { createCore, type Core } from '../core.ts'
import { createLogger } from '../observability/log.ts'
import { fail } from '../errors.ts'
import type { Caller } from '../operations/caller.ts'
import type { Clock } from '../operations/context.ts'
import type { Plugin } from '../operations/plugin.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { testDatabase, type TestDatabase } from './database.ts'

export interface TestCore extends TestDatabase {
  readonly core: Core
  /** A person of the tenant with every permission, or with those given. */
  callerOf(tenantId: string, change?: Partial<Caller>): Caller
  /** What has become of people since, by id: what they may do now, or null for those who have left. */
  readonly changed: Map<string, Partial<Authenticated> | null>
}

/** A core over a database of this test file's own; the people are invented, for tests below identity, or those in the database. */
export async function testCore(
  plugins: readonly Plugin[],
  environment: Environment = {},
  people: 'invented' | 'real' = 'invented',
  clock?: Clock,
): Promise<TestCore> {
  const world = await testDatabase(plugins)
  const changed: TestCore['changed'] = new Map()
  const core = createCore({
    ...(people === 'invented' && {
      accessOf: async (tenant, person) => presentOf(tenant, person, changed.get(person)),
    }),
    config: readConfig({
      LOG_LEVEL: 'silent',
      RATE_LIMIT_PER_MINUTE: '100000',
      EGRESS_ONLY: 'true',
      ...environment,
    }),
    database: world.database,
    secret: world.secret,
    ...(clock && { clock }),
    plugins,
    log: createLogger({ level: 'silent', format: 'json' }),
  })
  const permissions = new Set(core.registry.operations.map((operation) => operation.permission))
  const domains = new Set(core.registry.domains)
  const memberOf = (tenantId: string): Authenticated => ({
    tenant: { id: tenantId, name: 'Test' },
    actor: { kind: 'person', id: '019aa000-0000-7000-8000-0000000000aa', name: 'Anna' },
    locale: 'en',
    permissions,
    domains,
  })
  function presentOf(tenantId: string, id: string, change: Partial<Authenticated> | null | undefined) {
    if (change === null) fail('unauthenticated')
    return { ...memberOf(tenantId), actor: { kind: 'person' as const, id, name: 'Anna' }, ...change }
  }
  return {
    ...world,
    core,
    changed,
    callerOf: (tenantId, change) => ({
      ...memberOf(tenantId),
      origin: { surface: 'rest', requestId: 'test-request' },
      ...change,
    }),
  }
}
