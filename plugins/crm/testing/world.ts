import { randomUUID } from 'node:crypto'
import type { AnyOperation, Caller, IncomingFile, InputOf, OutputOf } from '#core'
import { testCore, type TestCore } from '#core/testing'
import { crm } from '#plugins/crm'

export interface CrmWorld extends TestCore {
  /** Calls an operation as somebody of the tenant who may do everything; confirms what must be confirmed. */
  call<O extends AnyOperation>(
    operation: O,
    input: InputOf<O>,
    tenant?: string,
    change?: Partial<Caller>,
  ): Promise<OutputOf<O>>
  readonly tenant: string
}

/** A database of the test file's own with the CRM in it, and one tenant to begin with. */
export async function crmWorld(): Promise<CrmWorld> {
  const world = await testCore([crm])
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

/** A file as a surface hands it over. */
export function fileOf(content: string | Uint8Array, name: string, mediaType = 'text/csv'): IncomingFile {
  const bytes = Buffer.from(content)
  return {
    name,
    mediaType,
    size: bytes.length,
    async *stream() {
      for (let offset = 0; offset < bytes.length; offset += 65_536)
        yield bytes.subarray(offset, offset + 65_536)
    },
  }
}
