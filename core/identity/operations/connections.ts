import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { raw, sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import type { WriteContext } from '../../operations/context.ts'
import { personOf } from '../../operations/context.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import { listOperation } from '../../resources/reads.ts'
import { resource } from '../../resources/resource.ts'
import type { AccessChanges } from '../accessChanges.ts'
import { answerAddress } from '../oauth/authorization.ts'
import { isKnownRedirect } from '../oauth/redirects.ts'
import { scopes } from '../oauth/scopes.ts'
import { hashToken, makeToken } from '../opaqueToken.ts'
import { actingPerson } from './actor.ts'

const Connection = z.object({
  id: z.uuid(),
  name: z.string(),
  clientId: z.string(),
  scopes: z.array(z.string()),
  lastUsedAt: z.iso.datetime({ offset: true }).nullable(),
  revokedAt: z.iso.datetime({ offset: true }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

const connections = resource({
  table: 'platform.connections',
  item: Connection,
  visible: ({ actor }) => sql`t.person_id = ${personOf(actor) ?? null}`,
  sorts: {
    name: { expression: raw('t.name'), type: 'text' },
    createdAt: { expression: raw('t.created_at'), type: 'timestamptz' },
  },
  defaultSort: '-createdAt',
})

const listConnections = listOperation(connections, {
  name: 'platform.connections.list',
  summary: 'List the programs that the person has connected, and what each may do',
})

/** Milliseconds that a code may wait for its program: it comes at once or not at all. */
const codeLife = 60_000

/** Lets a program in from outside, so an agent asks first; and only the person themselves can answer for themselves. */
const createConnection = operation({
  name: 'platform.connections.create',
  summary: 'Connect a program that asked by OAuth; answers the address that hands it its code, once',
  effect: 'send',
  personOnly: true,
  input: z.strictObject({
    clientId: z.string().min(1).max(500),
    redirectUri: z
      .string()
      .min(1)
      .max(1_000)
      .meta({ sink: 'url', examples: ['http://127.0.0.1/callback'] }),
    codeChallenge: z.string().regex(/^[\w-]{43}$/),
    resource: z
      .url()
      .max(500)
      .meta({ examples: ['http://127.0.0.1:3000/mcp'] }),
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
    state: z.string().max(2_000).optional(),
  }),
  output: z.object({ id: z.uuid(), name: z.string(), redirect: z.string().meta({ secret: true }) }),
  async run(asked, context) {
    if (context.actor.kind !== 'person') fail('person_required')
    const client = await clientOf(asked.clientId, context)
    if (!isKnownRedirect(client.redirect_uris, asked.redirectUri)) fail('not_found')
    const [id, code] = [uuidv7(), makeToken('code')]
    const now = context.clock.now()
    await context.query(sql`
      INSERT INTO platform.connections (tenant_id, id, person_id, client_id, name, scopes, resource, created_at, updated_at)
      VALUES (${context.tenant.id}, ${id}, ${actingPerson(context)}, ${client.id}, ${client.name},
        ${[...new Set(asked.scopes)]}, ${asked.resource}, ${now}, ${now})`)
    await context.query(sql`
      SELECT platform.issue_oauth_code(${hashToken(code)}, ${id}, ${asked.redirectUri}, ${asked.codeChallenge},
        ${new Date(now.getTime() + codeLife)})`)
    const iss = new URL(asked.resource).origin
    return {
      id,
      name: client.name,
      redirect: answerAddress(asked.redirectUri, { code, state: asked.state, iss }),
    }
  },
})

export function connectionOperations(changes: AccessChanges): AnyOperation[] {
  const deleteConnection = operation({
    name: 'platform.connections.delete',
    summary: 'End the connection of a program, at once and for good; the person can connect it anew',
    effect: 'write',
    input: z.strictObject({ id: z.uuid().meta({ refers: 'platform.connections' }) }),
    output: z.object({ id: z.uuid(), name: z.string() }),
    async run({ id }, context) {
      changes.announce(id)
      const [ended] = await context.query<{ name: string }>(sql`
        UPDATE platform.connections SET revoked_at = coalesce(revoked_at, ${context.clock.now()})
        WHERE tenant_id = ${context.tenant.id} AND id = ${id} AND person_id = ${actingPerson(context)} RETURNING name`)
      if (!ended) fail('not_found')
      await context.query(sql`SELECT platform.end_connection(${id}, ${context.clock.now()})`)
      return { id, name: ended.name }
    },
  })
  return [listConnections, createConnection, deleteConnection]
}

interface ClientRow {
  readonly id: string
  readonly name: string
  readonly redirect_uris: readonly string[]
}

async function clientOf(id: string, context: WriteContext): Promise<ClientRow> {
  const [client] = await context.query<ClientRow>(sql`SELECT * FROM platform.oauth_client(${id})`)
  return client ?? fail('not_found')
}
