import { createHash } from 'node:crypto'
import { refuse } from '../refusal.ts'
import { installAs, tokenFields } from '../oauth.ts'
import type { Fields } from '../state.ts'
import type { AuthorizationCode } from '../world.ts'
import { maybe, text, type Call, type Methods } from './call.ts'

const lifeOfCode = 10 * 60_000

export const oauth: Methods = {
  'oauth.v2.access': (call) => {
    checkClient(call)
    const grant = maybe(call, 'grant_type') ?? 'authorization_code'
    if (grant === 'refresh_token') return refreshed(call)
    if (grant !== 'authorization_code') return refuse('invalid_grant_type')
    return installAs(call.world, exchanged(call))
  },
}

/** A new token for a refresh token, which is used up by it. */
function refreshed(call: Call): Fields {
  const grant = call.world.installations.refresh(text(call, 'refresh_token'))
  const { installation, user, scopes, kind } = grant.token
  return {
    ...tokenFields(grant), token_type: kind, scope: scopes.join(','), app_id: call.world.app.id,
    ...(user ? { user_id: user.id } : { bot_user_id: installation?.bot.id }),
    team: installation && !installation.isOrgWide ? { id: installation.team.id, name: installation.team.name } : null,
    enterprise: installation?.enterprise ?? null, is_enterprise_install: installation?.isOrgWide === true,
  } // prettier-ignore
}

function checkClient(call: Call): void {
  const { clientId, clientSecret } = call.world.app
  if (text(call, 'client_id') !== clientId) refuse('invalid_client_id')
  if (text(call, 'client_secret') !== clientSecret) refuse('bad_client_secret')
}

/** A code is good once, for ten minutes, for the address that it was asked for. */
function exchanged(call: Call): AuthorizationCode {
  const { grants, clock } = call.world
  const code = text(call, 'code')
  const asked = grants.get(code)
  grants.delete(code)
  if (!asked || clock.now() - asked.at > lifeOfCode) return refuse('invalid_code')
  const named = maybe(call, 'redirect_uri')
  if ((asked.redirectUri || named) && named !== asked.redirectUri) refuse('bad_redirect_uri')
  if (asked.challenge && asked.challenge !== challengeOf(text(call, 'code_verifier')))
    refuse('invalid_code_verifier')
  return asked
}

/** PKCE, S256 (RFC 7636). */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
