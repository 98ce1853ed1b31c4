import { createHash, timingSafeEqual } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, operation, ownAddress, personOf, sql, type OutsideContext, type WriteContext } from '#core'
import { slackErrors } from '../errors.ts'
import { authorizePage } from './address.ts'
import { readApp, sharedApp, type SlackApp } from './apps.ts'
import { callSlack, slackClient } from './client.ts'
import { ConnectedWorkspace, readWorkspace } from './connected.ts'
import { botScopes } from './needs.ts'
import { ownAppId } from './ownApp.ts'
import { SlackRefusal } from './refusal.ts'
import type { SlackSettings } from './settings.ts'
import { refreshPlace, tokenPlace } from './tokens.ts'

/** Minutes that an admin has for Slack's page. */
const patience = 10

export const browserHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Begins an installation: answers the address of Slack's page that asks the admin for permission. */
export const beginInstall = (settings: SlackSettings) =>
  operation({
    name: 'slack.installs.begin',
    summary:
      'Begin connecting a Slack workspace; answers the address of the page at Slack that asks for permission',
    effect: 'write',
    personOnly: true,
    input: z.object({
      app: ownAppId.optional(),
      /** Our own page that Slack sends the browser back to. */
      redirectUri: z.url({ protocol: /^https?$/ }).max(300),
      /** SHA-256 of what the admin's browser keeps, in hexadecimal. */
      browser: z.string().regex(/^[0-9a-f]{64}$/),
    }),
    output: z.object({ id: z.uuid(), url: z.string() }),
    async run({ app, redirectUri, browser }, { tenant, actor, query, vault, clock }) {
      const isOurs = ownAddress({
        PUBLIC_URL: settings.PUBLIC_URL,
        HOST: settings.HOST ?? '127.0.0.1',
      }).isOrigin
      if (!isOurs(new URL(redirectUri).origin)) slackErrors.fail('foreign_address')
      const found =
        app === undefined ? sharedApp(settings as never) : await readApp(query, vault, tenant.id, app)
      if (!found) return app === undefined ? slackErrors.fail('no_app') : fail('not_found')
      const id = uuidv7()
      const expires = new Date(clock.now().getTime() + patience * 60_000)
      await query(
        sql`DELETE FROM slack.installs WHERE tenant_id = ${tenant.id} AND expires_at < ${clock.now()}`,
      )
      await query(sql`
        INSERT INTO slack.installs (tenant_id, id, person_id, own_app_id, redirect_uri, browser, expires_at)
        VALUES (${tenant.id}, ${id}, ${personOf(actor) ?? fail('person_required')}, ${app ?? null}, ${redirectUri}, ${Buffer.from(browser, 'hex')}, ${expires})`)
      return { id, url: pageFor(settings, found, id, redirectUri) }
    },
  })

function pageFor(
  settings: SlackSettings,
  { clientId }: SlackApp,
  state: string,
  redirectUri: string,
): string {
  const url = authorizePage({ SLACK_API_URL: settings.SLACK_API_URL })
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('scope', botScopes.join(','))
  url.searchParams.set('redirect_uri', redirectUri)
  url.searchParams.set('state', state)
  return url.href
}

interface Begun {
  readonly own_app_id: string | null
  readonly redirect_uri: string
  readonly browser: Buffer
}

/** What Slack gave for the code. */
interface Granted {
  readonly appId: string
  readonly ownApp: string | null
  readonly teamId: string | null
  readonly enterpriseId: string | null
  readonly name: string
  readonly botUserId: string
  readonly botId: string
  readonly scopes: readonly string[]
  readonly token: string
  readonly refreshToken: string | undefined
  readonly expiresIn: number | undefined
}

/** Ends an installation: changes the code for tokens, and keeps them sealed. */
export const finishInstall = (settings: SlackSettings) =>
  operation({
    name: 'slack.installs.finish',
    summary:
      'Finish connecting a Slack workspace with the code that Slack sent the admin’s browser back with',
    effect: 'send',
    personOnly: true,
    input: z.object({
      id: z.uuid().meta({ sink: 'url' }),
      code: z.string().min(1).max(500).meta({ secret: true }),
      browser: z.string().min(1).max(200).meta({ secret: true }),
    }),
    output: ConnectedWorkspace,
    async outside({ id, code, browser }, context) {
      const begun = await readBegun(context, id, browser)
      const { tenant, query, vault, egress } = context
      const app =
        begun.own_app_id === null
          ? sharedApp(settings as never)
          : await readApp(query, vault, tenant.id, begun.own_app_id)
      if (!app) slackErrors.fail('no_app')
      return () =>
        exchange(
          { config: { SLACK_API_URL: settings.SLACK_API_URL }, egress },
          app as SlackApp,
          code,
          begun.redirect_uri,
        )
    },
    async run({ id }, context, granted) {
      const { query, tenant } = context
      const [used] = await query(
        sql`DELETE FROM slack.installs WHERE tenant_id = ${tenant.id} AND id = ${id} RETURNING id`,
      )
      if (!used) slackErrors.fail('install_expired')
      return keep(context, granted)
    },
  })

/** Only of the admin who began it, in the browser where they did, within its time. */
async function readBegun(
  { tenant, actor, query, clock }: OutsideContext,
  id: string,
  browser: string,
): Promise<Begun> {
  const [row] = await query<Begun>(sql`
    SELECT own_app_id, redirect_uri, browser FROM slack.installs
    WHERE tenant_id = ${tenant.id} AND id = ${id} AND person_id = ${personOf(actor) ?? null} AND expires_at > ${clock.now()}`)
  const isTheirs = row !== undefined && timingSafeEqual(row.browser, Buffer.from(browserHash(browser), 'hex'))
  return isTheirs ? row : slackErrors.fail('install_expired')
}

async function exchange(
  parts: Parameters<typeof slackClient>[0],
  app: SlackApp,
  code: string,
  redirectUri: string,
): Promise<Granted> {
  try {
    const access = await callSlack(await slackClient(parts), 'oauth.v2.access', {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      code,
      redirect_uri: redirectUri,
    })
    const token = String(access['access_token'])
    // The bot's own id comes from nowhere else.
    const who = await callSlack(await slackClient(parts, token), 'auth.test', {})
    return grantedOf(app, access, who)
  } catch (error) {
    if (error instanceof SlackRefusal) slackErrors.fail('not_installed', { reason: error.code || error.kind })
    throw error
  }
}

type Answer = Readonly<Record<string, unknown>>

function grantedOf({ ownApp, appId }: SlackApp, access: Answer, who: Answer): Granted {
  const team = access['team'] as { id: string; name?: string } | null
  const enterprise = access['enterprise'] as { id: string; name?: string } | null
  const installed = String(access['app_id'])
  if (appId !== null && appId !== installed) slackErrors.fail('other_app', { installed, expected: appId })
  return {
    appId: installed,
    ownApp,
    teamId: access['is_enterprise_install'] === true ? null : (team?.id ?? null),
    enterpriseId: enterprise?.id ?? null,
    name: team?.name ?? enterprise?.name ?? 'Slack',
    botUserId: String(access['bot_user_id']),
    botId: String(who['bot_id']),
    scopes: String(access['scope'] ?? '').split(','),
    token: String(access['access_token']),
    refreshToken: access['refresh_token'] === undefined ? undefined : String(access['refresh_token']),
    expiresIn: access['expires_in'] === undefined ? undefined : Number(access['expires_in']),
  }
}

/** A workspace belongs to one company; what one company had before begins again with the same id. */
async function keep(
  { tenant, actor, query, vault, clock }: WriteContext,
  granted: Granted,
): Promise<ConnectedWorkspace> {
  const { teamId, enterpriseId, appId, name } = granted
  const family = enterpriseId ?? teamId
  await query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`slack place ${family}`}, 0))`)
  const [found] = await query<{ taken: boolean }>(
    sql`SELECT slack.is_taken(${teamId}, ${enterpriseId}) AS taken`,
  )
  if (found!.taken) slackErrors.fail('workspace_taken', { name })
  const [known] = await query<{ id: string }>(sql`
    SELECT id FROM slack.workspaces WHERE tenant_id = ${tenant.id} AND app_id = ${appId} AND installed_in = ${teamId ?? enterpriseId}`)
  const id = known?.id ?? uuidv7()
  const token = await vault.seal(tokenPlace(id), granted.token)
  const refresh =
    granted.refreshToken === undefined ? null : await vault.seal(refreshPlace(id), granted.refreshToken)
  const expires =
    granted.expiresIn === undefined ? null : new Date(clock.now().getTime() + granted.expiresIn * 1000)
  await query(sql`
    INSERT INTO slack.workspaces (tenant_id, id, name, own_app_id, app_id, team_id, enterprise_id, bot_user_id, bot_id, scopes,
      token, refresh_token, token_expires_at, installed_by, connected_at)
    VALUES (${tenant.id}, ${id}, ${name}, ${granted.ownApp}, ${appId}, ${teamId}, ${enterpriseId}, ${granted.botUserId},
      ${granted.botId}, ${granted.scopes}, ${token}, ${refresh}, ${expires}, ${personOf(actor) ?? null}, ${clock.now()})
    ON CONFLICT (tenant_id, id) DO UPDATE SET name = EXCLUDED.name, own_app_id = EXCLUDED.own_app_id,
      enterprise_id = EXCLUDED.enterprise_id, bot_user_id = EXCLUDED.bot_user_id, bot_id = EXCLUDED.bot_id, scopes = EXCLUDED.scopes,
      token = EXCLUDED.token, refresh_token = EXCLUDED.refresh_token, token_expires_at = EXCLUDED.token_expires_at,
      installed_by = EXCLUDED.installed_by, connected_at = EXCLUDED.connected_at, ended_at = NULL, ended_because = NULL, refreshing_until = NULL`)
  return readWorkspace(query, id)
}
