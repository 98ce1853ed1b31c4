import { AsyncLocalStorage } from 'node:async_hooks'
import type { Transaction } from 'sequelize'

export type AccessMode = 'READ ONLY' | 'READ WRITE'

/** What every query inside runs as. `null` is the platform itself: it sees no tenant's rows at all. */
export interface Scope {
  readonly tenant: string | null
  readonly mode: AccessMode
  transaction?: Transaction
}

const storage = new AsyncLocalStorage<Scope>()

export const currentScope = (): Scope | undefined => storage.getStore()
export const runInScope = <Result>(scope: Scope, work: () => Result): Result => storage.run(scope, work)

/** What Sequelize asks of a continuation-local-storage namespace, so that models find their transaction. */
export const sequelizeNamespace = {
  get: (key: string): unknown => (key === 'transaction' ? currentScope()?.transaction : undefined),
  set: (): void => undefined,
  run: <Result>(work: () => Result): Result => work(),
  bind: <Work>(work: Work): Work => work,
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The tenant as the database's setting takes it: a lower-case UUID, or nothing for the platform itself. */
export function checkedTenant(tenant: Scope['tenant']): string {
  if (tenant !== null && !uuid.test(tenant)) throw new Error('A tenant id is a lower-case UUID.')
  return tenant ?? ''
}

/** Opens a transaction and says whose it is in one message; SET takes no parameter, so the tenant is checked. */
export const beginStatement = ({ tenant, mode }: Scope): string =>
  `BEGIN ${mode}; SET LOCAL app.tenant_id = '${checkedTenant(tenant)}'`
