import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../../database/database.ts'
import { sql } from '../../database/sql.ts'
import { fault, Fault } from '../../errors.ts'
import type { Clock } from '../../operations/context.ts'
import { isRedirectAddress } from './redirects.ts'
import { OAuthError } from './oauthError.ts'

/** A program that may ask a person to be connected. Its name is what it says of itself. */
export interface OAuthClient {
  readonly id: string
  readonly name: string
  readonly redirectUris: readonly string[]
}

export interface OAuthClients {
  /** Dynamic client registration (RFC 7591): every client is a public one, so it gets no secret. */
  register(metadata: unknown): Promise<Record<string, unknown>>
  /** A client that registered, or whose id is the address of its metadata document; refuses with `not_found`. */
  find(id: string): Promise<OAuthClient>
}

/** Reads a document from an address that an outsider chose: through the egress door. */
export type FetchTo = (destination: {
  hosts: readonly string[]
  mostBytes: number
  within: number
}) => typeof fetch

interface ClientParts {
  readonly database: Database
  readonly clock: Clock
  readonly fetchTo: FetchTo
}

interface Row {
  readonly id: string
  readonly name: string
  readonly redirect_uris: readonly string[]
  readonly fresh_until: Date | null
}

const name = z.string().trim().min(1).max(100)
const redirects = z.array(z.string().refine(isRedirectAddress)).min(1).max(20)
const Registration = z.object({
  redirect_uris: redirects,
  client_name: name.catch('MCP client'),
})
/** draft-ietf-oauth-client-id-metadata-document-02, 4.1: no method that needs a shared secret. */
const Document = z.object({
  client_id: z.string(),
  client_name: name,
  redirect_uris: redirects,
  token_endpoint_auth_method: z.literal('none').optional(),
})

/** Bytes and milliseconds: the draft (8.7) advises 5 KB. */
const documentLimits = { mostBytes: 10 * 1024, within: 5_000 }
const hour = 3_600_000

export function createClients({ database, clock, fetchTo }: ClientParts): OAuthClients {
  const keep = async (client: OAuthClient, freshUntil: Date | null): Promise<void> => {
    await database.platformStatement(sql`
      SELECT platform.keep_oauth_client(${client.id}, ${client.name}, ${client.redirectUris}, ${freshUntil}, ${clock.now()})`)
  }
  const stored = async (id: string): Promise<Row | undefined> =>
    (await database.platformStatement<Row>(sql`SELECT * FROM platform.oauth_client(${id})`))[0]

  const read = async (address: string): Promise<OAuthClient> => {
    const { client, freshFor } = await readDocument(fetchTo, address)
    await keep(client, new Date(clock.now().getTime() + freshFor))
    return client
  }
  return {
    register: async (metadata) => {
      const asked = Registration.safeParse(metadata)
      if (!asked.success) throw refusedRegistration(asked.error)
      const { redirect_uris: redirectUris, client_name } = asked.data
      const client = { id: randomUUID(), name: client_name, redirectUris }
      await keep(client, null)
      return registered(client, clock.now())
    },
    find: async (id) => {
      const row = await stored(id.slice(0, 500))
      const fresh = row && (row.fresh_until === null || row.fresh_until > clock.now())
      if (fresh) return { id: row.id, name: row.name, redirectUris: row.redirect_uris }
      if (!isDocumentAddress(id)) throw fault('not_found')
      return read(id)
    },
  }
}

/** The id is an HTTPS address with a path, as the draft's section 3 has it. */
function isDocumentAddress(id: string): boolean {
  if (!id.startsWith('https://') || id.length > 500 || id.includes('#') || !URL.canParse(id)) return false
  const { href, pathname, username, password } = new URL(id)
  return href === id && pathname !== '/' && username === '' && password === ''
}

async function readDocument(
  fetchTo: FetchTo,
  address: string,
): Promise<{ client: OAuthClient; freshFor: number }> {
  const { hostname } = new URL(address)
  try {
    const response = await fetchTo({ hosts: [hostname], ...documentLimits })(address, {
      headers: { accept: 'application/json' },
    })
    const document = Document.parse(response.ok ? await response.json() : undefined)
    if (document.client_id !== address) throw new Error('The document names another client.')
    const { client_name, redirect_uris: redirectUris } = document
    return { client: { id: address, name: client_name, redirectUris }, freshFor: freshness(response) }
  } catch (error) {
    if (error instanceof Fault && error.code === 'egress_refused') throw error
    throw fault('invalid_input', { problem: unreadable, issues: [] }, { cause: error })
  }
}

/** Milliseconds, as the answer's Cache-Control says, between five minutes and a day; an hour where it does not. */
function freshness({ headers }: Response): number {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})/.exec(headers.get('cache-control') ?? '')?.[1]
  return seconds === undefined ? hour : Math.min(Math.max(Number(seconds) * 1000, hour / 12), 24 * hour)
}

function refusedRegistration({ issues }: z.ZodError): OAuthError {
  return issues.some(({ path }) => path[0] === 'redirect_uris')
    ? new OAuthError('invalid_redirect_uri', 'redirect_uris must hold 1 to 20 addresses: https, this machine over http, or a scheme of your own.') // prettier-ignore
    : new OAuthError(
        'invalid_client_metadata',
        'The metadata must be a JSON object as RFC 7591 describes it.',
      )
}

const registered = ({ id, name: client_name, redirectUris }: OAuthClient, at: Date) => ({
  client_id: id,
  client_id_issued_at: Math.floor(at.getTime() / 1000),
  client_name,
  redirect_uris: redirectUris,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
})

const unreadable = {
  da: 'programmets egen beskrivelse kunne ikke læses, eller den siger noget andet end programmet.',
  en: 'the program’s own description could not be read, or it says something else than the program.',
}
