import type { IncomingFile } from '#core'
import { domainWorld, type DomainWorld } from '#core/testing'
import { crm } from '#plugins/crm'

export type CrmWorld = DomainWorld

/** A database of the test file's own with the CRM in it, and one tenant to begin with. */
export const crmWorld = (): Promise<CrmWorld> => domainWorld([crm])

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
