import { sql } from '#core'
import { contacts } from '../../plugins/crm/contacts/contact.ts'
import { listContacts } from '../../plugins/crm/contacts/read.ts'
import { itemColumns } from '../../core/resources/resource.ts'
import type { ServerUnderLoad } from '../measure/server.ts'
import { startServer } from '../measure/server.ts'
import type { Variant } from '../measure/rounds.ts'
import { accessTokensOf, type Company } from './companies.ts'
import type { World } from './database.ts'

/** The ways of answering one list: ours whole, and the peers with the bare work. */
interface ListVariants {
  readonly variants: readonly Variant[]
  stop(): Promise<void>
}

/** In order of creation, because TypeORM cannot ask for the names' collation and would be slow for that reason alone. */
const input = { limit: 20, sort: 'createdAt' }

const rows = sql`SELECT item.* FROM (
    SELECT * FROM crm.contacts WHERE tenant_id = (SELECT app.tenant()) ORDER BY created_at, id LIMIT 20
  ) t, LATERAL (${itemColumns(contacts as never)}) item`

export async function listVariants(world: World, companies: readonly Company[]): Promise<ListVariants> {
  const { runtimeUrl } = world
  const { name, text, values } = await listContacts.query!(input, undefined as never)
  const ours = await startOurs(world)
  const bare = await startServer('servers/bare.ts', {
    runtimeUrl,
    connections: 4,
    json: { name, text, values },
    rows: { name: 'rows', text: rows.text },
  })
  const nest = await startServer('peers/nest.mjs', { runtimeUrl })
  return {
    variants: [
      await oursAsked(world, ours, companies),
      { name: 'bare', server: bare, requests: asTenants(companies, '/json') },
      { name: 'bare rows', server: bare, requests: asTenants(companies, '/rows') },
      { name: 'NestJS', server: nest, requests: asTenants(companies, '/contacts') },
    ],
    stop: async () => {
      await Promise.all([ours.stop(), bare.stop(), nest.stop()])
    },
  }
}

/** Our server, with the model at that address and in the Slack of those settings where there are any. */
export const startOurs = (
  { runtimeUrl, secret }: World,
  modelUrl?: string,
  slack?: Readonly<Record<string, string>>,
): Promise<ServerUnderLoad> =>
  startServer('servers/ours.ts', { runtimeUrl, secret: secret.toString('base64'), modelUrl, slack })

/** Every company's person asks in turn, with a token of their own. */
export async function oursAsked(
  world: World,
  server: ServerUnderLoad,
  companies: readonly Company[],
): Promise<Variant> {
  const tokens = await accessTokensOf(world, companies)
  const requests = tokens.map((token) => ({
    path: '/api/v1/crm/contacts?limit=20&sort=createdAt',
    headers: { authorization: `Bearer ${token}` },
  }))
  return { name: 'ours', server, requests }
}

const asTenants = (companies: readonly Company[], path: string) =>
  companies.map(({ tenant }) => ({ path, headers: { 'x-tenant': tenant } }))
