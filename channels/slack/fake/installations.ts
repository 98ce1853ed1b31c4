import { rotatesTokens, type App } from './app.ts'
import type { FakeClock } from './clock.ts'
import type { Ids } from './ids.ts'
import { refuse } from './refusal.ts'
import type { Enterprise, Team, User } from './state.ts'
import type { Workspace } from './workspace.ts'

/** The app in one workspace, or in a whole organisation (then `team` is the one that its bot lives in). */
export interface Installation {
  readonly team: Team
  readonly enterprise?: Enterprise
  readonly isOrgWide: boolean
  readonly bot: User
  readonly botId: string
  readonly installer: User
  scopes: readonly string[]
  isActive: boolean
}

export interface Token {
  readonly text: string
  readonly kind: 'bot' | 'user' | 'app'
  readonly scopes: readonly string[]
  readonly installation?: Installation
  readonly user?: User
  readonly expiresAt?: number
  isRevoked: boolean
}

/** Tokens live so long, and a refresh token is good for one refresh. Milliseconds. */
const lifeOfToken = 12 * 3600 * 1000

export interface Grant {
  readonly token: Token
  readonly refreshToken?: string
  readonly expiresIn?: number
}

export interface Installations {
  readonly all: Installation[]
  install(request: InstallRequest): Installation
  issue(kind: 'bot' | 'user', installation: Installation, scopes: readonly string[], user?: User): Grant
  refresh(refreshToken: string): Grant
  /** @throws SlackRefusal not_authed, invalid_auth, token_revoked, token_expired, account_inactive */
  authenticate(token: string | undefined): Token
  /** Of a workspace, its own or its organisation's. */
  of(team: Team): Installation | undefined
  revoke(token: Token): void
  uninstall(installation: Installation): void
  readonly tokens: Map<string, Token>
}

export interface InstallRequest {
  readonly team: Team
  readonly installer: User
  readonly scopes: readonly string[]
  readonly orgWide?: boolean
}

export function createInstallations(
  app: App,
  workspace: Workspace,
  ids: Ids,
  clock: FakeClock,
): Installations {
  const all: Installation[] = []
  const tokens = new Map<string, Token>()
  const refreshTokens = new Map<string, Token>()
  const appToken: Token = { text: app.appToken, kind: 'app', scopes: ['connections:write'], isRevoked: false }
  tokens.set(appToken.text, appToken)

  function install({ team, installer, scopes, orgWide = false }: InstallRequest): Installation {
    const before = all.find((one) => one.isActive && one.team === team && one.isOrgWide === orgWide)
    if (before) {
      before.scopes = [...new Set([...before.scopes, ...scopes])]
      return before
    }
    const bot = botOf(team)
    const installation: Installation = {
      team, bot, installer, scopes, isOrgWide: orgWide, isActive: true, botId: ids.next('B'),
      ...(team.enterprise && { enterprise: team.enterprise }),
    } // prettier-ignore
    all.push(installation)
    return installation
  }

  /** The bot keeps its user when the app is installed again. */
  function botOf(team: Team): User {
    const name = app.manifest.features?.bot_user?.display_name ?? app.manifest.display_information.name
    const known = all.find((one) => one.team === team)?.bot
    return (
      known ?? workspace.addUser(team, { name, realName: app.manifest.display_information.name, kind: 'bot' })
    )
  }

  function issue(
    kind: 'bot' | 'user',
    installation: Installation,
    scopes: readonly string[],
    user?: User,
  ): Grant {
    const rotates = rotatesTokens(app)
    const prefix = `${rotates ? 'xoxe.' : ''}${kind === 'bot' ? 'xoxb' : 'xoxp'}`
    const token: Token = {
      text: `${prefix}-${ids.secret(kind)}`, kind, scopes, installation, isRevoked: false,
      ...(user && { user }),
      ...(rotates && { expiresAt: clock.now() + lifeOfToken }),
    } // prettier-ignore
    tokens.set(token.text, token)
    if (!rotates) return { token }
    const refreshToken = `xoxe-1-${ids.secret('refresh')}`
    refreshTokens.set(refreshToken, token)
    return { token, refreshToken, expiresIn: lifeOfToken / 1000 }
  }

  function refresh(refreshToken: string): Grant {
    const old = refreshTokens.get(refreshToken)
    if (!old?.installation?.isActive || old.isRevoked || old.kind === 'app')
      return refuse('invalid_refresh_token')
    refreshTokens.delete(refreshToken)
    return issue(old.kind, old.installation, old.scopes, old.user)
  }

  function authenticate(text: string | undefined): Token {
    if (!text) return refuse('not_authed')
    const token = tokens.get(text)
    if (!token) return refuse('invalid_auth')
    if (token.installation && !token.installation.isActive) return refuse('account_inactive')
    if (token.isRevoked) return refuse('token_revoked')
    if (token.expiresAt !== undefined && token.expiresAt <= clock.now()) return refuse('token_expired')
    return token
  }

  return {
    all, tokens, install, issue, refresh, authenticate,
    of: (team) => all.find((one) => one.isActive && (one.team === team || reaches(one, team))),
    revoke: (token) => void (token.isRevoked = true),
    uninstall: (installation) => void (installation.isActive = false),
  } // prettier-ignore
}

const reaches = ({ isOrgWide, enterprise }: Installation, team: Team): boolean =>
  isOrgWide && enterprise !== undefined && enterprise.id === team.enterprise?.id
