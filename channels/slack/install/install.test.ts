import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allow, codeOf, hash, startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { redirectPath } from './manifest.ts'
import { createTokens } from './tokens.ts'
import type { Workspace } from './workspace.ts'

let world: SlackWorld
beforeAll(async () => {
  world = await startSlackWorld({ limits: false })
})
afterAll(() => world.close())

const redirectUri = () => world.app.listeningOrigin + redirectPath
const begin = (tenant = world.tenant) =>
  world.call<{ id: string; url: string }>(
    'slack.installs.begin',
    { redirectUri: redirectUri(), browser: hash('browser') },
    tenant,
  )
const anna = () => world.slack.workspace.user('anna').id
const row = async (id: string) =>
  (await world.admin.query('SELECT * FROM slack.workspaces WHERE id = $1', [id])).rows[0] as Record<
    string,
    unknown
  >

describe('a workspace', () => {
  test('is connected by an admin’s browser, over Slack’s page and back', async () => {
    const headers = { authorization: `Tenant ${world.tenant}`, host: new URL(world.app.listeningOrigin).host }
    const begun = await world.app.inject({ url: '/slack/install', headers })
    expect(begun.statusCode).toBe(302)
    const cookie = String(begun.headers['set-cookie']).split(';', 1)[0]!
    expect(String(begun.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Lax/)
    const { code, state } = await allow(begun.headers.location!, anna())
    const back = await world.app.inject({
      url: `${redirectPath}?code=${code}&state=${state}`,
      headers: { ...headers, cookie },
    })
    expect(back.statusCode).toBe(200)
    expect(back.body).toContain('Nordlys')
    const { items } = await world.call<{ items: object[] }>('slack.workspaces.list', {})
    expect(items).toMatchObject([{ name: 'Nordlys', status: 'connected', ownAppId: null }])
  })

  test('is asked for by whoever has signed in, and by nobody who may not', async () => {
    const stranger = await world.app.inject({ url: '/slack/install' })
    expect(stranger.headers.location).toBe('/login?next=%2Fslack%2Finstall')
    const employee = { permissions: new Set<string>() }
    const input = { redirectUri: redirectUri(), browser: hash('browser') }
    expect(await codeOf(world.call('slack.installs.begin', input, world.tenant, employee))).toBe('forbidden')
    const agent = { actor: { kind: 'agent', id: 'a', name: 'A', personId: randomUUID() } as const }
    expect(await codeOf(world.call('slack.installs.begin', input, world.tenant, agent))).toBe(
      'person_required',
    )
  })

  test('is not connected by another browser, another person, another company, twice, or late', async () => {
    const finish = (state: string, code: string, browser = 'browser', tenant = world.tenant, change = {}) =>
      codeOf(world.call('slack.installs.finish', { id: state, code, browser }, tenant, change))
    const { code, state } = await allow((await begin()).url, anna())
    expect(await finish(state, code, 'another browser')).toBe('slack_install_expired')
    expect(await finish(state, code, 'browser', randomUUID())).toBe('slack_install_expired')
    const other = { actor: { kind: 'person', id: randomUUID(), name: 'Mikkel' } as const }
    expect(await finish(state, code, 'browser', world.tenant, other)).toBe('slack_install_expired')
    expect(await finish(state, 'a code that Slack never gave')).toBe('slack_not_installed')
    expect(await finish(state, code)).toBe('done')
    expect(await finish(state, code)).toBe('slack_install_expired')
    const late = await allow((await begin()).url, anna())
    await world.admin.query(`UPDATE slack.installs SET expires_at = now() - interval '1 second'`)
    expect(await finish(late.state, late.code)).toBe('slack_install_expired')
  })

  test('goes back to no address but ours', async () => {
    const input = { redirectUri: 'https://thief.example/slack/oauth_redirect', browser: hash('browser') }
    expect(await codeOf(world.call('slack.installs.begin', input))).toBe('slack_foreign_address')
  })

  test('belongs to one company: another is refused with a sentence, until it is disconnected', async () => {
    const { id } = await world.connect()
    const other = randomUUID()
    expect(await codeOf(world.connect(other))).toBe('slack_workspace_taken')
    await world.call('slack.workspaces.disconnect', { id })
    expect((await world.connect(other)).id).not.toBe(id)
    const [{ id: theirs } = { id: '' }] = (
      await world.call<{ items: { id: string }[] }>('slack.workspaces.list', {}, other)
    ).items
    await world.call('slack.workspaces.disconnect', { id: theirs }, other)
  })

  test('comes back as the one that it was, and a company has several', async () => {
    const first = await world.connect()
    const again = await world.connect()
    expect(again.id).toBe(first.id)
    const second = await world.connect(world.tenant, 'karen')
    expect(second).toMatchObject({ name: 'Havneby' })
    expect(second.id).not.toBe(first.id)
  })

  test('keeps its tokens where nobody reads them', async () => {
    const { id } = await world.connect()
    const { token, refresh_token: refresh } = await row(id)
    expect(String(token)).not.toContain('xox')
    expect(String(refresh)).not.toContain('xox')
    const shown = JSON.stringify([
      await world.call('slack.workspaces.get', { id }),
      await world.call('platform.audit.list', {}).catch(() => ''),
    ])
    expect(shown).not.toMatch(/xox[a-z]/)
  })
})

const workspaceOf = async (id: string): Promise<Workspace> => {
  const found = await row(id)
  return {
    tenant: String(found['tenant_id']), id, appId: String(found['app_id']), teamId: String(found['team_id']), enterpriseId: null,
    botUserId: String(found['bot_user_id']), botId: String(found['bot_id']), name: String(found['name']),
  } // prettier-ignore
}

describe('a token', () => {
  const refreshes = () =>
    world.slack
      .calls('oauth.v2.access')
      .filter(({ arguments: given }) => given['grant_type'] === 'refresh_token').length
  const call = async (workspace: Workspace) => world.channel.parts.api(workspace).call('auth.test', {})

  test('that expires while twenty calls are made is fetched anew once', async () => {
    const workspace = await workspaceOf((await world.connect()).id)
    const before = refreshes()
    await world.slack.clock.advance(13 * 3600_000)
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(workspace)))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(refreshes() - before).toBe(1)
  })

  /** A workspace whose token lives a minute more. */
  async function connectBriefly(): Promise<string> {
    const { id } = await world.connect()
    await world.admin.query(
      `UPDATE slack.workspaces SET token_expires_at = now() + interval '1 minute' WHERE id = $1`,
      [id],
    )
    return id
  }

  test('is fetched anew before it expires, once even where two processes do it', async () => {
    const id = await connectBriefly()
    const before = refreshes()
    const other = createTokens(world.core)
    await Promise.all([
      other.refreshExpiring(3600),
      world.channel.refreshTokens(3600),
      call(await workspaceOf(id)),
    ])
    expect(refreshes() - before).toBe(1)
    expect((await call(await workspaceOf(id)))['ok']).toBe(true)
  })

  test('is not fetched once more by a process that saw it expire before another one fetched it', async () => {
    await connectBriefly()
    const before = refreshes()
    const { database } = world.core
    const slowly = (async (statement) => {
      const expiring = await database.platformStatement(statement)
      await world.channel.refreshTokens(3600)
      return expiring
    }) as typeof database.platformStatement
    await createTokens({ ...world.core, database: { ...database, platformStatement: slowly } }).refreshExpiring(3600) // prettier-ignore
    expect(refreshes() - before).toBe(1)
  })

  test('that Slack took until the workspace was connected anew ends nothing, and takes no new one’s place', async () => {
    const workspace = await workspaceOf((await world.connect()).id)
    const tokens = createTokens(world.core)
    const old = await tokens.fresh(workspace)
    const { egress } = world.core
    let again: Promise<unknown> | undefined
    const slowly: typeof egress.fetchTo = (to) => async (asked, how) => {
      const answer = await egress.fetchTo(to)(asked, how)
      await (again ??= world.connect())
      return answer
    }
    const fetched = await createTokens({ ...world.core, egress: { ...egress, fetchTo: slowly } }).fresh(workspace, old) // prettier-ignore
    expect(fetched).toBe(await tokens.fresh(workspace))
    expect((await call(workspace))['ok']).toBe(true)
    await tokens.end(workspace, old, 'refused')
    expect(await row(workspace.id)).toMatchObject({ ended_at: null })
    await tokens.end(workspace, fetched, 'refused')
    expect(await row(workspace.id)).toMatchObject({ ended_because: 'refused', token: null })
  })

  test('that cannot be fetched just now ends nothing', async () => {
    const workspace = await workspaceOf((await world.connect()).id)
    await world.slack.clock.advance(13 * 3600_000)
    world.slack.failNext('oauth.v2.access', '500')
    await expect(call(workspace)).rejects.toMatchObject({ kind: 'unknown' })
    expect((await call(workspace))['ok']).toBe(true)
  })
})

describe('the end of a workspace', () => {
  const status = async (id: string) =>
    (await world.call<{ status: string }>('slack.workspaces.get', { id })).status
  const ended = () => {
    const ids: string[] = []
    world.channel.parts.endings.follow((id) => void ids.push(id))
    return ids
  }

  test.each([
    ['removed', () => world.slack.uninstall()],
    ['refused its token', () => world.slack.revoke()],
  ] as const)(
    'comes when the app is %s in Slack: tokens are forgotten and every room is told',
    async (_, act) => {
      const { id } = await world.connect()
      const told = ended()
      const workspace = await workspaceOf(id)
      act()
      await world.settled()
      expect(await status(id)).toBe('uninstalled')
      expect(await row(id)).toMatchObject({ token: null, refresh_token: null })
      await expect.poll(() => told).toContain(id)
      await expect(world.channel.parts.api(workspace).call('auth.test', {})).rejects.toMatchObject({
        code: 'account_inactive',
      })
    },
  )

  test('is noticed by a call that Slack refuses, where no event came', async () => {
    const { id } = await world.connect()
    const workspace = await workspaceOf(id)
    world.slack.failNext('auth.test', 'invalid_auth')
    await expect(world.channel.parts.api(workspace).call('auth.test', {})).rejects.toMatchObject({
      code: 'invalid_auth',
    })
    expect(await status(id)).toBe('refused')
  })

  test('by an admin here gives the token back to Slack, and drops what comes after', async () => {
    const { id } = await world.connect()
    const calls = world.slack.calls('auth.revoke').length
    await world.call('slack.workspaces.disconnect', { id })
    expect(world.slack.calls('auth.revoke')).toHaveLength(calls + 1)
    expect(await status(id)).toBe('disconnected')
  })
})
