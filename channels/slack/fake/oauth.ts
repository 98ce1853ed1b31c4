import type { Grant } from './installations.ts'
import type { Fields, Team, User } from './state.ts'
import type { AuthorizationCode, World } from './world.ts'

/** What an app asks a person for at `/oauth/v2/authorize`. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly userScopes: readonly string[]
  readonly redirectUri: string
  readonly state: string
  readonly team: string
  readonly challenge?: string
}

export function readAuthorization(url: URL): AuthorizationRequest {
  const get = (name: string): string => url.searchParams.get(name) ?? ''
  const challenge = get('code_challenge')
  return {
    clientId: get('client_id'), scopes: split(get('scope')), userScopes: split(get('user_scope')),
    redirectUri: get('redirect_uri'), state: get('state'), team: get('team'), ...(challenge && { challenge }),
  } // prettier-ignore
}

const split = (scopes: string): string[] => scopes.split(/[ ,]+/).filter(Boolean)

/** What Slack shows instead of its page, as a code and a sentence. */
export function faultOfAuthorization({ app }: World, request: AuthorizationRequest): string | undefined {
  const { scopes, userScopes, redirectUri } = request
  const { bot = [], user = [] } = app.manifest.oauth_config?.scopes ?? {}
  const granted = new Set([...bot, ...user])
  const unknown = [...scopes, ...userScopes].find((scope) => !granted.has(scope))
  if (request.clientId !== app.clientId) return 'invalid_client_id: no app has this client id.'
  if (scopes.length + userScopes.length === 0) return 'invalid_scope: the app asks for no scope.'
  if (unknown) return `invalid_scope: the app's manifest does not have the scope ${unknown}.`
  if (
    redirectUri &&
    !app.redirectUrls.some((url) => redirectUri === url || redirectUri.startsWith(`${url}/`))
  )
    return 'bad_redirect_uri: redirect_uri did not match any configured URIs.'
  return undefined
}

export interface Decision {
  readonly team: Team
  readonly user: User
  readonly isAllowed: boolean
  readonly orgWide: boolean
}

/** Where the browser goes after a person decided: back to the app, with a code for ten minutes or a refusal. */
export function decide(world: World, request: AuthorizationRequest, decision: Decision): string {
  const { scopes, userScopes, clientId, state, challenge } = request
  const back = new URL(request.redirectUri || (world.app.redirectUrls[0] ?? 'http://localhost/'))
  if (state) back.searchParams.set('state', state)
  if (!decision.isAllowed) {
    back.searchParams.set('error', 'access_denied')
    return back.href
  }
  const code = `${world.ids.secret('code')}`
  const { team, user, orgWide } = decision
  world.grants.set(code, {
    clientId, scopes, userScopes, team, user, orgWide, redirectUri: request.redirectUri, at: world.clock.now(),
    ...(challenge && { challenge }),
  }) // prettier-ignore
  back.searchParams.set('code', code)
  return back.href
}

/** Installs what a person allowed, and answers as `oauth.v2.access` does. */
export function installAs(
  world: World,
  asked: Omit<AuthorizationCode, 'clientId' | 'redirectUri' | 'at'>,
): Fields {
  const { team, user, scopes, userScopes, orgWide } = asked
  const installation = world.installations.install({ team, installer: user, scopes, orgWide })
  const bot = world.installations.issue('bot', installation, installation.scopes)
  const person =
    userScopes.length > 0 ? world.installations.issue('user', installation, userScopes, user) : undefined
  world.changes.emit('change')
  return {
    ...(scopes.length > 0 && {
      ...tokenFields(bot), token_type: 'bot', scope: installation.scopes.join(','), bot_user_id: installation.bot.id,
    }),
    app_id: world.app.id,
    team: orgWide ? null : { id: team.id, name: team.name },
    enterprise: team.enterprise ?? null,
    is_enterprise_install: orgWide,
    authed_user: {
      id: user.id,
      ...(person && { ...tokenFields(person), token_type: 'user', scope: userScopes.join(',') }),
    },
  } // prettier-ignore
}

export const tokenFields = ({ token, refreshToken, expiresIn }: Grant): Fields => ({
  access_token: token.text,
  ...(refreshToken && { refresh_token: refreshToken, expires_in: expiresIn }),
})
