import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../../database/database.ts'
import { sql, type Statement } from '../../database/sql.ts'
import type { Clock } from '../../operations/context.ts'
import type { AccessMemory } from '../access.ts'
import { hashToken, isToken, makeToken, successorOf } from '../opaqueToken.ts'
import { connectionTokenLife, isConnectionToken, type ConnectionTokens } from './connectionToken.ts'
import { OAuthError } from './oauthError.ts'

/** The answer of the token endpoint (RFC 6749, 5.1). */
export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds. */
  readonly expires_in: number
  readonly refresh_token: string
  readonly scope: string
}

export interface Grants {
  /** Exchanges a code or a refresh token; refuses with an `OAuthError`. */
  exchange(asked: Readonly<Record<string, string>>): Promise<TokenAnswer>
  /** Ends the connection of a refresh token; one that nobody knows ends nothing (RFC 7009, 2.2). */
  revoke(token: string): Promise<void>
}

interface GrantParts {
  readonly database: Database
  readonly access: AccessMemory
  readonly tokens: ConnectionTokens
  readonly refreshKey: Buffer
  readonly clock: Clock
}

interface Granted {
  readonly connection_id: string
  readonly person_id: string
  readonly resource: string
  readonly scopes: readonly string[]
}

const text = z.string().min(1).max(2_000)
const Code = z.object({
  client_id: text,
  code: text,
  redirect_uri: text,
  code_verifier: z.string().regex(/^[\w.~-]{43,128}$/),
  resource: text.optional(),
})
const Refresh = z.object({ client_id: text, refresh_token: text, resource: text.optional() })

const refreshLife = 60 * 86_400_000
const graceSeconds = 10

export function createGrants({ database, access, tokens, refreshKey, clock }: GrantParts): Grants {
  const one = async <Row extends object>(statement: Statement): Promise<Row | undefined> =>
    (await database.platformStatement<Row>(statement))[0]
  const refreshEnds = (): Date => new Date(clock.now().getTime() + refreshLife)

  const answer = async (
    granted: Granted | undefined,
    client: string,
    refreshToken: string,
    resource?: string,
  ) => {
    if (!granted)
      throw new OAuthError(
        'invalid_grant',
        'The code or token is unknown, used, expired or not this client’s.',
      )
    if (resource !== undefined && resource.replace(/\/$/, '') !== granted.resource)
      throw new OAuthError('invalid_target', `This connection is for ${granted.resource}.`)
    const { connection_id: connection, person_id: person, scopes } = granted
    return {
      access_token: await tokens.issue({ connection, person, client, scopes, resource: granted.resource }),
      token_type: 'Bearer',
      expires_in: connectionTokenLife,
      refresh_token: refreshToken,
      scope: scopes.join(' '),
    } as const
  }
  const byCode = async (asked: z.output<typeof Code>): Promise<TokenAnswer> => {
    const { client_id, code, redirect_uri, code_verifier, resource } = asked
    const refreshToken = makeToken('crt')
    const granted = await one<Granted>(sql`
      SELECT * FROM platform.use_oauth_code(${hashToken(code)}, ${client_id}, ${redirect_uri}, ${challengeOf(code_verifier)},
        ${hashToken(refreshToken)}, ${clock.now()}, ${refreshEnds()})`)
    return answer(granted, client_id, refreshToken, resource)
  }
  const byRefresh = async (asked: z.output<typeof Refresh>): Promise<TokenAnswer> => {
    const { client_id, refresh_token, resource } = asked
    const successor = successorOf(refreshKey, refresh_token, 'crt')
    const granted = isToken(refresh_token, 'crt')
      ? await one<Granted>(sql`
          SELECT * FROM platform.use_connection_token(${hashToken(refresh_token)}, ${hashToken(successor)}, ${client_id},
            ${clock.now()}, ${refreshEnds()}, make_interval(secs => ${graceSeconds}))`)
      : undefined
    return answer(granted, client_id, successor, resource)
  }
  return {
    exchange: async (asked) => {
      if (asked['grant_type'] === 'authorization_code') return byCode(readAsked(Code, asked))
      if (asked['grant_type'] === 'refresh_token') return byRefresh(readAsked(Refresh, asked))
      throw new OAuthError('unsupported_grant_type', 'grant_type is authorization_code or refresh_token.')
    },
    revoke: async (token) => {
      if (isConnectionToken(token) || !isToken(token, 'crt')) return
      const row = await one<{ id: string | null }>(
        sql`SELECT platform.connection_of_token(${hashToken(token)}) AS id`,
      )
      if (!row?.id) return
      await one(sql`SELECT platform.end_connection(${row.id}, ${clock.now()})`)
      access.forget(row.id)
    },
  }
}

/** S256 of RFC 7636, the one method there is here. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

function readAsked<Schema extends z.ZodType>(schema: Schema, asked: unknown): z.output<Schema> {
  const read = schema.safeParse(asked)
  if (read.success) return read.data
  const field = read.error.issues[0]?.path.join('.') ?? ''
  throw new OAuthError('invalid_request', `${field} is missing or malformed.`)
}
