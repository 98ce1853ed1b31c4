import { readConfig, type Environment } from '../config.ts'
import { createCore, type Core } from '../core.ts'
import { createLogger } from '../observability/log.ts'
import type { Caller } from '../operations/caller.ts'
import type { Plugin } from '../operations/plugin.ts'
import { testDatabase, type TestDatabase } from './database.ts'

export interface TestCore extends TestDatabase {
  readonly core: Core
  /** A person of the tenant with every permission, or with those given. */
  callerOf(tenantId: string, change?: Partial<Caller>): Caller
}

/** A core over a database of this test file's own, with no people in it: for tests below identity. */
export async function testCore(plugins: readonly Plugin[], environment: Environment = {}): Promise<TestCore> {
  const world = await testDatabase(plugins)
  const core = createCore({
    config: readConfig({
      LOG_LEVEL: 'silent',
      RATE_LIMIT_PER_MINUTE: '100000',
      EGRESS_ONLY: 'true',
      ...environment,
    }),
    database: world.database,
    secret: world.secret,
    plugins,
    log: createLogger({ level: 'silent', format: 'json' }),
  })
  const permissions = new Set(core.registry.operations.map((operation) => operation.permission))
  const domains = new Set(core.registry.domains)
  return {
    ...world,
    core,
    callerOf: (tenantId, change) => ({
      tenant: { id: tenantId, name: 'Test' },
      actor: { kind: 'person', id: '019aa000-0000-7000-8000-0000000000aa', name: 'Anna' },
      locale: 'en',
      permissions,
      domains,
      origin: { surface: 'rest', requestId: 'test-request' },
      ...change,
    }),
  }
}
