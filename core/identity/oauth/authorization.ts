import { z } from 'zod'
import { fail } from '../../errors.ts'
import type { Locale } from '../../language.ts'
import { parseInput } from '../../operations/input.ts'
import type { OwnAddress } from '../../ownAddress.ts'
import type { OAuthClient, OAuthClients } from './clients.ts'
import { isKnownRedirect, isOnThisMachine } from './redirects.ts'
import { scopesAsked, type Scope } from './scopes.ts'

/** The query of the authorization endpoint (OAuth 2.1, 4.1.1; RFC 7636; RFC 8707); what we do not know is left out. */
const Asked = z.object({
  client_id: z.string().min(1).max(500),
  redirect_uri: z.string().max(1_000).optional(),
  response_type: z.string().max(100).optional(),
  code_challenge: z.string().max(200).optional(),
  code_challenge_method: z.string().max(20).optional(),
  scope: z.string().max(1_000).optional(),
  state: z.string().max(2_000).optional(),
  resource: z.string().max(500).optional(),
})
type Asked = z.output<typeof Asked>

/** What a person is asked before a program is connected, or where their browser goes because it cannot be. */
export type AuthorizationQuestion =
  | {
      readonly client: {
        readonly id: string
        readonly name: string
        /** The host that vouches for the name, where the client's id is an address. */
        readonly vouchedBy: string | null
      }
      /** Where the answer goes: a host, a scheme of the program's own, or this machine. */
      readonly answersTo: string
      readonly onThisMachine: boolean
      readonly scopes: readonly Scope[]
      /** What `platform.connections.create` takes, but for the scopes. */
      readonly request: {
        readonly clientId: string
        readonly redirectUri: string
        readonly codeChallenge: string
        readonly resource: string
        readonly state?: string
      }
    }
  | { readonly redirect: string }

interface AuthorizationParts {
  readonly clients: OAuthClients
  readonly address: OwnAddress
}

/**
 * Reads an authorization request. What may be a forgery (unknown client, foreign redirect) is said to the person
 * and never redirected; everything else goes back to the program as OAuth says.
 */
export function createAuthorization({ clients, address }: AuthorizationParts) {
  return async (query: unknown, origin: string, locale: Locale): Promise<AuthorizationQuestion> => {
    const asked = parseInput({ input: Asked }, query, locale)
    const client = await clients.find(asked.client_id)
    const redirectUri = asked.redirect_uri ?? onlyOne(client.redirectUris)
    if (!isKnownRedirect(client.redirectUris, redirectUri))
      fail('invalid_input', { problem: foreignRedirect, issues: [] })
    const resource = (asked.resource ?? `${origin}/mcp`).replace(/\/$/, '')
    const error = errorIn(asked, resource, address)
    if (error) return { redirect: answerAddress(redirectUri, { error, state: asked.state, iss: origin }) }
    return question(client, asked, redirectUri, resource)
  }
}

/** The address that the browser is sent to with an answer (RFC 9207: `iss` says whose answer it is). */
export function answerAddress(redirectUri: string, answer: Record<string, string | undefined>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

function errorIn(asked: Asked, resource: string, address: OwnAddress): string | undefined {
  if (asked.response_type !== 'code') return 'unsupported_response_type'
  if (asked.code_challenge_method !== 'S256' || !/^[\w-]{43}$/.test(asked.code_challenge ?? ''))
    return 'invalid_request'
  const url = URL.canParse(resource) ? new URL(resource) : undefined
  return url && address.isOrigin(url.origin) && resource === `${url.origin}/mcp`
    ? undefined
    : 'invalid_target'
}

function question(
  client: OAuthClient,
  asked: Asked,
  redirectUri: string,
  resource: string,
): AuthorizationQuestion {
  const { hostname, protocol } = new URL(redirectUri)
  return {
    client: {
      id: client.id,
      name: client.name,
      vouchedBy: client.id.startsWith('https://') ? new URL(client.id).hostname : null,
    },
    answersTo: hostname || protocol,
    onThisMachine: isOnThisMachine(redirectUri),
    scopes: scopesAsked(asked.scope),
    request: {
      clientId: client.id,
      redirectUri,
      codeChallenge: asked.code_challenge as string,
      resource,
      ...(asked.state !== undefined && { state: asked.state }),
    },
  }
}

function onlyOne(redirectUris: readonly string[]): string {
  const [first, ...others] = redirectUris
  if (first === undefined || others.length > 0)
    fail('invalid_input', { problem: foreignRedirect, issues: [] })
  return first
}

const foreignRedirect = {
  da: 'programmet beder om, at svaret sendes et sted hen, som det ikke selv har oplyst. Det ligner et forsøg på at snyde.',
  en: 'the program asks for the answer at an address that it has not named itself. That looks like an attempt to deceive.',
}
