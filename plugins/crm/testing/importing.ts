import type { InputOf } from '#core'
import { listContacts } from '../contacts/read.ts'
import { advanceImport } from '../imports/advance.ts'
import { createImport } from '../imports/receive.ts'
import { fileOf, type CrmWorld } from './world.ts'

type Chosen = Omit<InputOf<typeof createImport>, 'file'>

/** The steps of an import as a person takes them. */
export function importing(world: CrmWorld) {
  const receive = (content: string | Uint8Array, name: string, tenant: string, chosen: Chosen = {}) =>
    world.call(createImport, { file: fileOf(content, name), ...chosen }, tenant)
  const runToEnd = async (id: string, tenant: string) => {
    for (;;) {
      const state = await world.call(advanceImport, { id }, tenant)
      if (state.status === 'finished') return state
    }
  }
  return {
    receive,
    runToEnd,
    importAll: async (content: string | Uint8Array, name: string, tenant: string, chosen: Chosen = {}) =>
      runToEnd((await receive(content, name, tenant, chosen)).id, tenant),
    contactsOf: async (tenant: string) => (await world.call(listContacts, { limit: 200 }, tenant)).items,
    /** How many there are, also where a page does not hold them. */
    contactsIn: async (tenant: string): Promise<number> => {
      const text = 'SELECT count(*)::int AS contacts FROM crm.contacts WHERE tenant_id = $1'
      const { rows } = await world.admin.query<{ contacts: number }>(text, [tenant])
      return rows[0]!.contacts
    },
  }
}
