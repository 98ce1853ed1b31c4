import { randomUUID } from 'node:crypto'
import type { Caller } from '../operations/caller.ts'
import type { AnyOperation, InputOf, OutputOf } from '../operations/operation.ts'
import type { Plugin } from '../operations/plugin.ts'
import { testCore, type TestCore } from './core.ts'

export interface DomainWorld extends TestCore {
  /** Calls an operation as somebody of the tenant who may do everything; confirms what must be confirmed. */
  call<O extends AnyOperation>(
    operation: O,
    input: InputOf<O>,
    tenant?: string,
    change?: Partial<Caller>,
  ): Promise<OutputOf<O>>
  readonly tenant: string
}

/** A database of the test file's own with these plugins in it, and one tenant to begin with. */
export async function domainWorld(plugins: readonly Plugin[]): Promise<DomainWorld> {
  const world = await testCore(plugins)
  const tenant = randomUUID()
  return {
    ...world,
    tenant,
    call: async (operation, input, of = tenant, change = {}) => {
      const caller = world.callerOf(of, change)
      try {
        return (await world.core.invoke(operation, input, caller)).value
      } catch (error) {
        const confirmation = confirmationOf(error)
        if (confirmation === undefined) throw error
        return (await world.core.invoke(operation, input, { ...caller, confirmation })).value
      }
    },
  }
}

const confirmationOf = (error: unknown): string | undefined =>
  (error as { details?: { confirm?: string } }).details?.confirm
