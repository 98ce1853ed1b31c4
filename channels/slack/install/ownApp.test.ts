import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfManifest, signatureHeaders } from '../fake/index.ts'
import { codeOf, startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { appManifest } from './manifest.ts'

let world: SlackWorld
beforeAll(async () => {
  world = await startSlackWorld({ limits: false })
})
afterAll(() => world.close())

describe('an app of a company’s own', () => {
  const secrets = () => ({
    clientId: world.slack.app.clientId,
    clientSecret: world.slack.app.clientSecret,
    signingSecret: world.slack.app.signingSecret,
  })

  test('is installed with its own secrets, which nobody is shown, and hears at its own address', async () => {
    const company = randomUUID()
    const appId = world.slack.app.id
    const app = await world.call<{ id: string }>(
      'slack.apps.create',
      { name: 'Vores', appId, ...secrets() },
      company,
    )
    expect(JSON.stringify(app)).not.toContain(secrets().clientSecret)
    const workspace = await world.connect(company, 'anna', { app: app.id })
    expect(workspace).toMatchObject({ name: 'Nordlys', ownAppId: app.id })
    const body = JSON.stringify({ type: 'url_verification', challenge: 'hear me', api_app_id: appId })
    const answer = await world.app.inject({
      method: 'POST', url: `/slack/events/${appId}`, payload: body,
      headers: { 'content-type': 'application/json', ...signatureHeaders(secrets().signingSecret, body) },
    }) // prettier-ignore
    expect(answer.json()).toEqual({ challenge: 'hear me' })
    expect(await codeOf(world.call('slack.apps.delete', { id: app.id }, company))).toBe('slack_app_in_use')
    await world.call('slack.workspaces.disconnect', { id: workspace.id }, company)
    expect(await codeOf(world.call('slack.apps.delete', { id: app.id }, company))).toBe('done')
  })

  test('has a secret for its address or a token for its socket, whichever it is heard by', async () => {
    const { signingSecret: _, ...unheard } = { name: 'Vores', appId: 'A0SOCKET', ...secrets() }
    expect(await codeOf(world.call('slack.apps.create', unheard))).toBe('slack_app_unheard')
    const app = await world.call<{ id: string }>('slack.apps.create', {
      ...unheard,
      appToken: 'xapp-1-A0SOCKET-1',
    })
    expect(app).toMatchObject({ hasAppToken: true })
    const { manifest } = await world.call<{ manifest: object }>('slack.apps.manifest', { app: app.id })
    expect(manifest).toMatchObject({ settings: { socket_mode_enabled: true } })
    const answer = await world.app.inject({ method: 'POST', url: '/slack/events/A0SOCKET', payload: '{}' })
    expect(answer.statusCode).toBe(404)
    await world.call('slack.apps.delete', { id: app.id })
  })

  test('whose id is written wrongly is not installed', async () => {
    const company = randomUUID()
    const app = await world.call<{ id: string }>(
      'slack.apps.create',
      { name: 'Vores', appId: 'A0WRONG', ...secrets() },
      company,
    )
    expect(await codeOf(world.connect(company, 'karen', { app: app.id }))).toBe('slack_other_app')
  })
})

describe('the manifest', () => {
  test.each([true, false])('is one that Slack takes, with Socket Mode %s', (socketMode) => {
    const manifest = appManifest({
      name: 'TekUp',
      address: 'https://tekup.example',
      appId: 'A0123456789',
      socketMode,
    })
    expect(faultsOfManifest(manifest)).toEqual([])
  })

  test('names the address of a company’s own app', async () => {
    const input = {
      name: 'Vores',
      appId: 'A0123456789',
      clientId: '1.2',
      clientSecret: 'client-secret-1',
      signingSecret: 'signing-secret-1',
    }
    const { id } = await world.call<{ id: string }>('slack.apps.create', input)
    const { manifest } = await world.call<{
      manifest: { settings: { event_subscriptions: { request_url: string } } }
    }>('slack.apps.manifest', { app: id, address: 'https://tekup.example' })
    expect(manifest.settings.event_subscriptions.request_url).toBe(
      'https://tekup.example/slack/events/A0123456789',
    )
  })
})
