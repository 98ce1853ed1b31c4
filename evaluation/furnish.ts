import { createConversations, type AgentPort, type Authenticated, type Caller, type Core } from '#core'

/** What sentences speak of and a first start does not bring: saved filters, an import, a key, an invitation, a talk. */
export async function furnishMore(core: Core, anna: Authenticated): Promise<void> {
  const caller: Caller = { ...anna, origin: { surface: 'rest', requestId: 'evaluation' } }
  const run = async (name: string, input: unknown): Promise<void> => {
    const operation = core.registry.find(name)
    if (!operation) throw new Error(`There is no operation ${name} to furnish the evaluation with.`)
    await core.invoke(operation, input, caller)
  }
  await run('crm.views.create', {
    name: 'Kolde kunder',
    resource: 'companies',
    query: { sort: 'lastContactAt' },
  })
  await run('crm.views.create', { name: 'Store aftaler', resource: 'deals', query: { sort: '-amount' } })
  await run('crm.imports.create', { file: customersFile })
  await run('platform.apiKeys.create', { name: 'Regnskab', scopes: ['crm.contacts:read'] })
  await run('platform.invitations.create', { email: 'jonas@nordlys.example', role: 'employee' })
  await talk(core, anna, 'Tilbud til hotellerne')
}

const rows = 'Navn;Firma;E-mail\nBo Lind;Lind Tømrer;bo@lind.example\nEva Krag;Krag Design;eva@krag.example\n'

const customersFile = {
  name: 'kunder-2025.csv',
  mediaType: 'text/csv',
  size: Buffer.byteLength(rows),
  stream: async function* () {
    yield Buffer.from(rows)
  },
}

/** A conversation of an earlier day; what answered it does not matter. */
async function talk(core: Core, caller: Authenticated, text: string): Promise<void> {
  const agent: AgentPort = {
    run: async function* () {
      yield { type: 'text', delta: 'Det er noteret.' }
    },
  }
  const inbound = { caller, text, locale: 'da', surface: 'chat', requestId: 'evaluation' } as const
  for await (const event of createConversations({ core, agent }).handle(inbound))
    if (event.type === 'error') throw event.fault
}
