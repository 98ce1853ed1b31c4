import { createHash, randomBytes } from 'node:crypto'
import type { TokenAnswer } from '../../identity/oauth/grants.ts'
import type { Scope } from '../../identity/oauth/scopes.ts'
import type { McpWorld } from './testWorld.ts'

const redirect = 'http://127.0.0.1:8123/callback'

export interface Asking {
  readonly clientId: string
  readonly verifier: string
  readonly redirect: string
}

export interface Connected extends TokenAnswer, Asking {
  readonly code: string
}

/** A program registers, Anna connects it with these scopes, and it fetches its tokens: what a client does, by hand. */
export async function connectProgram(world: McpWorld, scopes: readonly Scope[]): Promise<Connected> {
  const asking = await register(world)
  const code = await consent(world, asking, scopes)
  const answer = await fetchToken(world, {
    grant_type: 'authorization_code',
    client_id: asking.clientId,
    code,
    redirect_uri: redirect,
    code_verifier: asking.verifier,
    resource: `${world.origins[0]}/mcp`,
  })
  return { ...((await answer.json()) as TokenAnswer), ...asking, code }
}

export async function register(world: McpWorld): Promise<Asking> {
  const registered = await fetch(new URL('/oauth/register', world.origins[0]), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Helper', redirect_uris: [redirect] }),
  })
  const { client_id: clientId } = (await registered.json()) as { client_id: string }
  return { clientId, verifier: randomBytes(32).toString('base64url'), redirect }
}

/** Anna says yes on the page; the code stands in the address that her browser is sent to. */
export async function consent(
  world: McpWorld,
  { clientId, verifier }: Asking,
  scopes: readonly Scope[],
): Promise<string> {
  const made = await world.run<{ redirect: string }>('platform.connections.create', {
    clientId,
    redirectUri: redirect,
    codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
    resource: `${world.origins[0]}/mcp`,
    scopes,
  })
  return new URL(made.redirect).searchParams.get('code') as string
}

export const fetchToken = (world: McpWorld, form: Record<string, string>): Promise<Response> =>
  fetch(new URL('/oauth/token', world.origins[0]), { method: 'POST', body: new URLSearchParams(form) })
