import { expect } from 'vitest'
import { createApprovals } from '../approvals/approvals.ts'
import { createAuditTrail } from '../audit/groupCommit.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../database/database.ts'
import { createEgress, egressRules } from '../egress/index.ts'
import { Fault } from '../errors.ts'
import { createOutbox } from '../events/outbox.ts'
import { createLogger } from '../observability/log.ts'
import { createMetrics } from '../observability/metrics.ts'
import { createVault, wrappingKeys } from '../vault/index.ts'
import { createConfirmations } from '../operations/approval.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { createInvoke, type Invoke } from '../operations/invoke.ts'
import { createPrecedence } from '../operations/precedence.ts'
import { plugin } from '../operations/plugin.ts'
import { createRegistry, type Registry } from '../operations/registry.ts'
import { createSettingsMemory } from '../settings/memory.ts'
import { testDatabase } from '../testing/database.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import { createUsageMeter } from '../usage/meter.ts'
import { createRateLimits } from '../usage/rateLimits.ts'
import { createAccessChanges } from './accessChanges.ts'
import type { Authenticated } from './authenticate.ts'
import { createIdentity } from './identity.ts'
import { identityLocales, identityOperations } from './operations.ts'

const log = createLogger({ level: 'silent', format: 'json' })
const plenty = { points: 1_000_000, seconds: 60 }
export const password = 'Regnbue over Nordhavn'

export type World = Awaited<ReturnType<typeof openWorld>>

/** Two companies on a database of this test file's own, a clock that stands still until it is moved, and as many processes as wanted. */
export async function openWorld() {
  const world = await testDatabase([shelf])
  let present = Date.now()
  const clock = { now: () => new Date(present) }

  /** A process of its own: its own connections and its own memory. */
  const startProcess = async () => {
    const database = openDatabase({ url: world.runtimeUrl, pool: 4, sharedReads: 1 })
    const changes = createAccessChanges()
    const operations = identityOperations({ registry: () => registry, secret: world.secret, changes })
    const platform = plugin({ name: 'platform', version: '1.0.0', operations, locales: identityLocales })
    const registry: Registry = createRegistry([platform, shelf])
    const config = readConfig({})
    const egress = createEgress(egressRules(config.EGRESS_ALLOW, config.EGRESS_ONLY))
    const identity = createIdentity({ database, registry, secret: world.secret, changes, clock, log, egress, config }) // prettier-ignore
    await identity.listening
    const outbox = createOutbox()
    const invoke: Invoke = createInvoke({
      registry,
      database,
      audit: createAuditTrail(database),
      outbox,
      limits: createRateLimits({ actor: plenty, tenant: plenty }),
      precedence: createPrecedence(),
      confirmations: createConfirmations(world.secret, clock),
      vault: createVault(wrappingKeys({ VAULT_KEY: undefined, VAULT_KEY_OLD: undefined }, world.secret)),
      egress: createEgress(egressRules()),
      usage: createUsageMeter({ database, clock, log, observe: createMetrics().models }),
      approvals: createApprovals({ registry, database, outbox, invoke: (...call) => invoke(...call), accessOf: identity.accessOf, brought: async () => [], clock, log }), // prettier-ignore
      rules: { claim: () => Promise.reject(new Error('There are no automations here.')) },
      settings: createSettingsMemory({ database, changes, clock, log }),
      clock,
      log,
      observe: () => undefined,
      onWork: () => undefined,
    })
    const run = async (name: string, who: Authenticated, input: object = {}, confirmation?: string) => {
      const caller = {
        ...who,
        origin: { surface: 'rest', requestId: 'test' },
        ...(confirmation && { confirmation }),
      } as const
      return (await invoke(registry.find(name) as AnyOperation, input, caller)).value as never
    }
    const close = async (): Promise<void> => {
      await identity.close()
      await egress.close()
      await database.close()
    }
    return { identity, registry, run, close }
  }

  const processes = [await startProcess()]
  const first = processes[0]!
  const person = (name: string, email: string, role: 'owner' | 'employee' | 'readOnly' = 'employee') => ({ name, email, role, password }) // prettier-ignore
  const nordlys = await first.identity.provision({
    company: { name: 'Nordlys Rengøring ApS' },
    owner: person('Anna Nordlys', 'anna@nordlys.example'),
    members: [
      person('Mikkel Brandt', 'mikkel@nordlys.example'),
      person('Rikke Sørensen', 'rikke@nordlys.example', 'readOnly'),
    ],
  })
  const fjord = await first.identity.provision({
    company: { name: 'Fjord IT A/S' },
    owner: person('Sofie Fjord', 'sofie@fjordit.example'),
    members: [person('Anna Nordlys', 'anna@nordlys.example')],
  })
  const [anna, mikkel, rikke] = nordlys.people.map(({ id }) => id) as [string, string, string]
  const [sofie] = fjord.people.map(({ id }) => id) as [string]
  return {
    ...first,
    admin: world.admin,
    secret: world.secret,
    nordlys: nordlys.tenantId,
    fjord: fjord.tenantId,
    anna,
    mikkel,
    rikke,
    sofie,
    clock,
    /** Moves the clock on. */
    pass: (seconds: number) => {
      present += seconds * 1000
    },
    anotherProcess: async () => {
      const started = await startProcess()
      processes.push(started)
      return started
    },
    signIn: (email: string, change: { password?: string; address?: string; userAgent?: string } = {}) =>
      first.identity.signIn({ email, password, address: '192.0.2.1', userAgent: 'Firefox', ...change }),
    close: async () => {
      for (const process of processes) await process.close()
      await world.close()
    },
  }
}

/** For news of a change to reach another process: what that remembers does not run out meanwhile, for the clock stands still. */
export const soon = { interval: 20 }

export const bearer = (token: string, headers: Record<string, string> = {}) => ({
  method: 'GET',
  headers: { authorization: `Bearer ${token}`, ...headers },
  cookies: {},
})

export const refusal = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => expect.fail('it was not refused'),
    (thrown: unknown) => (thrown instanceof Fault ? thrown : Promise.reject(thrown as Error)),
  )

export const codeOf = async (promise: Promise<unknown>): Promise<string> => (await refusal(promise)).code
