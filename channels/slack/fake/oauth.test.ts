import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InstallProvider, MemoryInstallationStore, type Installation } from '@slack/oauth'
import { afterEach, describe, expect, test } from 'vitest'
import { agentManifest } from './manifest.ts'
import type { Fields } from './state.ts'
import { refusalOf, silent, startTestWorld, type TestWorld } from './testWorld.ts'

const redirectUrl = 'http://127.0.0.1:9/slack/oauth_redirect'
let world: TestWorld
afterEach(() => world?.close())

const authorizeUrl = (change: Record<string, string> = {}): string =>
  `${world.slack.url}/oauth/v2/authorize?${new URLSearchParams({
    client_id: world.slack.app.clientId, scope: 'chat:write,users:read', redirect_uri: redirectUrl, state: 's1', ...change,
  })}` // prettier-ignore

/** What a person's browser does: chooses on the page, and is sent back to the app. */
async function decide(decision: 'allow' | 'deny', change: Record<string, string> = {}): Promise<URL> {
  const as = world.slack.workspace.user(change['as'] ?? 'anna').id
  const response = await fetch(authorizeUrl({ ...change, as, decision }), { redirect: 'manual' })
  return new URL(response.headers.get('location') ?? '')
}

const access = (change: Record<string, string> = {}) =>
  world.clientFor('').oauth.v2.access({
    client_id: world.slack.app.clientId, client_secret: world.slack.app.clientSecret, redirect_uri: redirectUrl, ...change,
  } as never) as unknown as Promise<Fields & { access_token: string; refresh_token: string }> // prettier-ignore

const start = async (options = {}) =>
  void (world = await startTestWorld({ redirectUrls: [redirectUrl], ...options }))

describe('the page that asks', () => {
  test('says what the app will be able to do, and brings the state back with a code or a refusal', async () => {
    await start()
    const page = await (await fetch(authorizeUrl())).text()
    expect(page).toContain('<code>users:read</code>')
    const allowed = await decide('allow')
    expect([allowed.origin + allowed.pathname, allowed.searchParams.get('state')]).toEqual([
      redirectUrl,
      's1',
    ])
    expect((await decide('deny')).searchParams.get('error')).toBe('access_denied')
  })

  test.each([
    ['another app', { client_id: '1.2' }, 'invalid_client_id'],
    ['another address', { redirect_uri: 'http://elsewhere.example/' }, 'bad_redirect_uri'],
    ['a scope that the manifest does not have', { scope: 'admin' }, 'invalid_scope'],
    ['no scope', { scope: '' }, 'invalid_scope'],
  ])('shows a fault for %s, and goes nowhere', async (_, change, fault) => {
    await start()
    const response = await fetch(authorizeUrl({ ...change, decision: 'allow' }), { redirect: 'manual' })
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(fault)])
  })
})

describe('a code', () => {
  test('is exchanged once for the bot’s token, and the installer’s where that was asked for', async () => {
    await start({
      manifest: {
        ...agentManifest,
        oauth_config: {
          scopes: {
            bot: ['chat:write', 'users:read', ...(agentManifest.oauth_config?.scopes?.bot ?? [])],
            user: ['search:read'],
          },
        },
      },
    })
    const code = (await decide('allow', { user_scope: 'search:read' })).searchParams.get('code') ?? ''
    const answer = await access({ code })
    expect(answer).toMatchObject({
      token_type: 'bot', expires_in: 43_200, is_enterprise_install: false, enterprise: null, team: { name: 'Nordlys' },
      authed_user: { id: world.slack.workspace.user('anna').id, token_type: 'user', scope: 'search:read' },
    }) // prettier-ignore
    expect(await refusalOf(world.clientFor(answer.access_token).auth.test())).toBe('ok')
    expect(await refusalOf(access({ code }))).toBe('invalid_code')
  })

  test.each([
    ['after ten minutes', {}, 'invalid_code', 10 * 60_000 + 1],
    ['for another address', { redirect_uri: 'http://127.0.0.1:9/other' }, 'bad_redirect_uri', 0],
    ['with another secret', { client_secret: 'guessed' }, 'bad_client_secret', 0],
    ['for another app', { client_id: '1.2' }, 'invalid_client_id', 0],
    ['in a way that there is not', { grant_type: 'password' }, 'invalid_grant_type', 0],
  ])('is refused %s', async (_, change, error, wait) => {
    await start()
    const code = (await decide('allow')).searchParams.get('code') ?? ''
    await world.slack.clock.advance(wait)
    expect(await refusalOf(access({ code, ...change }))).toBe(error)
  })
})

describe('rotation', () => {
  test('a token lives twelve hours, and a refresh token is good for one refresh', async () => {
    await start()
    const first = await access({ code: (await decide('allow')).searchParams.get('code') ?? '' })
    await world.slack.clock.advance(12 * 3600_000)
    expect(await refusalOf(world.clientFor(first.access_token).auth.test())).toBe('token_expired')
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    const next = await access(refresh)
    expect(next.refresh_token).not.toBe(first.refresh_token)
    expect(await refusalOf(world.clientFor(next.access_token).auth.test())).toBe('ok')
    expect(await refusalOf(access(refresh))).toBe('invalid_refresh_token')
  })

  test('an app without it has tokens that do not end', async () => {
    await start({
      manifest: { ...agentManifest, settings: { ...agentManifest.settings, token_rotation_enabled: false } },
    })
    expect(world.token).toMatch(/^xoxb-/)
    await world.slack.clock.advance(365 * 24 * 3600_000)
    expect(await refusalOf(world.client.auth.test())).toBe('ok')
  })
})

test('Slack’s own InstallProvider installs the app, and refreshes its token', async () => {
  const installed: Installation[] = []
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/slack/install')) return void provider.handleInstallPath(request, response)
    return void provider.handleCallback(request, response, {
      success: (installation, _, __, answer) => (installed.push(installation), answer.end('done')),
      failure: (error, _, __, answer) => answer.end(error.message),
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await start({ redirectUrls: [`${origin}/slack/oauth_redirect`] })
  const { app, url, settings } = world.slack
  const provider = new InstallProvider({
    clientId: app.clientId, clientSecret: app.clientSecret, stateSecret: 'state', logger: silent, directInstall: true,
    authorizationUrl: `${url}/oauth/v2/authorize`, clientOptions: { slackApiUrl: settings['SLACK_API_URL']! },
    installUrlOptions: { scopes: ['chat:write', 'users:read'], redirectUri: `${origin}/slack/oauth_redirect` },
    installationStore: new MemoryInstallationStore(),
  }) // prettier-ignore
  const begun = await fetch(`${origin}/slack/install`, { redirect: 'manual' })
  const page = `${begun.headers.get('location')}&decision=allow&as=${world.slack.workspace.user('anna').id}`
  const back = await fetch(page, { redirect: 'manual' })
  const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(await (await fetch(back.headers.get('location') ?? '', { headers: { cookie } })).text()).toBe('done')
  expect(installed[0]).toMatchObject({
    team: { name: 'Nordlys' },
    bot: { userId: world.slack.workspace.user('tekup').id, expiresAt: expect.any(Number) as number },
  })
  await world.slack.clock.advance(12 * 3600_000)
  const expired = installed[0]!
  expired.bot!.expiresAt = 1
  const { botToken } = await provider.authorize({
    teamId: expired.team!.id,
    enterpriseId: undefined,
    isEnterpriseInstall: false,
  })
  expect(botToken).not.toBe(expired.bot?.token === botToken ? undefined : world.token)
  expect(await refusalOf(world.clientFor(botToken ?? '').auth.test())).toBe('ok')
  server.closeAllConnections()
  server.close()
})

describe('the end of an installation', () => {
  test('an uninstalled app has no account, and is told so', async () => {
    await start()
    world.slack.uninstall()
    await world.slack.settled()
    expect(await refusalOf(world.client.auth.test())).toBe('account_inactive')
    expect(world.app.heard.map(({ payload }) => (payload['event'] as Fields)['type']).toSorted()).toEqual([
      'app_uninstalled',
      'tokens_revoked',
    ])
  })

  test('a revoked token is refused, whoever revoked it', async () => {
    await start()
    const other = world.slack.install()
    await world.clientFor(String(other['access_token'])).auth.revoke()
    expect(await refusalOf(world.clientFor(String(other['access_token'])).auth.test())).toBe('token_revoked')
    expect(await refusalOf(world.client.auth.test())).toBe('ok')
    world.slack.revoke()
    expect(await refusalOf(world.client.auth.test())).toBe('token_revoked')
  })

  test('an app that uninstalls itself names its secret', async () => {
    await start({ limits: false })
    const uninstall = (client_secret: string) =>
      refusalOf(world.client.apps.uninstall({ client_id: world.slack.app.clientId, client_secret }))
    expect(await uninstall('guessed')).toBe('bad_client_secret')
    expect(await uninstall(world.slack.app.clientSecret)).toBe('ok')
  })
})

describe('a whole organisation', () => {
  test('is one installation without a team, whose calls name the workspace', async () => {
    await start()
    const enterprise = { id: 'E0ORG', name: 'Koncernen' }
    const { workspace } = world.slack
    const [north, south] = [workspace.addTeam('Nord', enterprise), workspace.addTeam('Syd', enterprise)]
    workspace.addUser(north, { name: 'ida', email: 'ida@nord.example', isAdmin: true })
    const per = workspace.addUser(south, { name: 'per', email: 'per@syd.example' })
    const answer = world.slack.install({ team: 'Nord', orgWide: true })
    expect(answer).toMatchObject({ team: null, enterprise, is_enterprise_install: true })
    const client = world.clientFor(String(answer['access_token']))
    expect(await refusalOf(client.users.list({}))).toBe('missing_argument')
    expect((await client.users.list({ team_id: south.id })).members).toMatchObject([{ name: 'per' }])
    expect(await refusalOf(client.users.list({ team_id: workspace.team('Havneby').id }))).toBe(
      'team_access_not_granted',
    )
    workspace.addChannel(south, { name: 'syd', members: [per] })
    world.slack.invite('syd')
    await world.slack.settled()
    world.slack.say('per', 'syd', 'hej')
    await world.slack.settled()
    expect(world.app.heard.at(-1)?.payload).toMatchObject({
      team_id: south.id, context_enterprise_id: 'E0ORG',
      authorizations: [{ enterprise_id: 'E0ORG', team_id: null, is_enterprise_install: true }],
    }) // prettier-ignore
  })
})
