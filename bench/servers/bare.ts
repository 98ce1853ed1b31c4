import type { AddressInfo } from 'node:net'
import { fastify, type FastifyRequest } from 'fastify'
import pg from 'pg'
import { settings, underLoad } from './underLoad.mjs'

interface BareSettings {
  readonly runtimeUrl: string
  readonly connections: number
  /** The list's statement as our operation makes it: one row whose `json` is the answer. */
  readonly json: pg.QueryConfig
  /** The same rows as rows. */
  readonly rows: pg.QueryConfig
}

/** Fastify and `pg` with the same SQL in the same transaction, pipelined, and nothing else. */
const { runtimeUrl, connections, json, rows } = settings() as BareSettings
const clients = await Promise.all(
  Array.from({ length: connections }, async () => {
    const client = new pg.Client({ connectionString: runtimeUrl, pipeline: true })
    await client.connect()
    return client
  }),
)
let turn = 0

async function read(request: FastifyRequest, statement: pg.QueryConfig): Promise<unknown[]> {
  const client = clients[turn++ % clients.length]!
  const [, result] = await Promise.all([
    client.query(`BEGIN READ ONLY; SET LOCAL app.tenant_id = '${request.headers['x-tenant']}'`),
    client.query(statement),
    client.query('COMMIT'),
  ])
  return result.rows
}

const app = fastify()
app.get('/json', async (request, reply) => {
  const [row] = await read(request, json)
  return reply.type('application/json; charset=utf-8').send((row as { json: string }).json)
})
app.get('/rows', async (request) => ({ items: await read(request, rows) }))
await app.listen({ port: 0, host: '127.0.0.1' })
underLoad((app.server.address() as AddressInfo).port, async () => {
  await app.close()
  await Promise.all(clients.map((client) => client.end()))
})
