import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '#core'
import { createApps } from '../install/apps.ts'
import { startHearingWorld, type HearingWorld } from '../testing/hearingWorld.ts'

let world: HearingWorld
beforeAll(async () => {
  world = await startHearingWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.heard.length = 0
  world.doing = async () => undefined
})

describe('an event of a workspace', () => {
  test('that nobody has connected is acknowledged and dropped', async () => {
    const before = await world.inbox()
    const stranger = {
      team_id: 'T0STRANGER',
      authorizations: [{ team_id: 'T0STRANGER', enterprise_id: null }],
    }
    expect((await world.deliver(world.envelope('hello', world.nextTs(), stranger))).statusCode).toBe(200)
    await world.settled()
    expect(await world.inbox()).toBe(before)
  })

  test('that another company brought an app for reaches no company but that one', async () => {
    const theirs = randomUUID()
    const secret = 'another-companys-signing-secret'
    await world.call(
      'slack.apps.create',
      {
        name: 'Ours',
        appId: 'A0OTHER',
        clientId: '1.2',
        clientSecret: 'client-secret-1',
        signingSecret: secret,
      },
      theirs,
    )
    const path = '/slack/events/A0OTHER'
    // It signs rightly, and speaks of a workspace that is not its own.
    expect(
      (
        await world.deliver(world.envelope('mine now', world.nextTs(), { api_app_id: 'A0OTHER' }), {
          path,
          secret,
        })
      ).statusCode,
    ).toBe(200)
    expect(
      (await world.deliver(world.envelope('mine now', world.nextTs()), { path, secret })).statusCode,
    ).toBe(400)
    expect((await world.deliver(world.envelope('mine now', world.nextTs()), { path })).statusCode).toBe(401)
    expect(
      (
        await world.deliver(world.envelope('mine now', world.nextTs()), {
          path: '/slack/events/A0NOBODY',
          secret,
        })
      ).statusCode,
    ).toBe(404)
    await world.settled()
    expect(world.heard).toEqual([])
  })

  test('is heard although another company’s secrets for the same app cannot be opened', async () => {
    const app = { name: 'Ours', appId: 'A0SHARED', clientId: '1.2', clientSecret: 'client-secret-1' }
    const [broken, theirs] = [randomUUID(), randomUUID()]
    const secrets = { signingSecret: 'the-signing-secret', appToken: 'xapp-1-A0SHARED-example' }
    await world.call('slack.apps.create', { ...app, ...secrets }, broken)
    await world.call('slack.apps.create', { ...app, ...secrets, appToken: undefined }, theirs)
    await world.admin.query(`UPDATE slack.apps SET signing_secret = client_secret, app_token = client_secret WHERE tenant_id = $1`, [broken]) // prettier-ignore
    const told = world.envelope('hello', world.nextTs(), { api_app_id: 'A0SHARED' })
    const way = { path: '/slack/events/A0SHARED', secret: secrets.signingSecret }
    expect((await world.deliver(told, way)).statusCode).toBe(200)
    await expect(createApps(world.core).withSockets()).resolves.toEqual([])
    await world.admin.query(`DELETE FROM slack.apps WHERE tenant_id = $1`, [broken])
  })

  test('is heard however many other companies have named its app, before it or after', async () => {
    const app = { name: 'Ours', appId: 'A0NAMED', clientId: '1.2', clientSecret: 'client-secret-1' }
    const name = (tenant: string, signingSecret: string) =>
      world.call('slack.apps.create', { ...app, signingSecret }, tenant)
    const others = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, place) => name(randomUUID(), `another-signing-${place}`)))
    const [path, secret] = ['/slack/events/A0NAMED', 'the-true-signing-secret']
    const arrives = async (): Promise<number> => {
      const asked = { type: 'url_verification', challenge: 'c', api_app_id: app.appId }
      return (await world.deliver(asked, { path, secret })).statusCode
    }
    await others(21)
    const tenant = randomUUID()
    const { id } = (await name(tenant, secret)) as { id: string }
    expect(await arrives()).toBe(200)
    // As Slack said when it was connected with the app's client secret.
    await world.admin.query(
      `INSERT INTO slack.workspaces (tenant_id, id, name, own_app_id, app_id, team_id, bot_user_id, bot_id)
       VALUES ($1, gen_random_uuid(), 'Fjord', $2, 'A0NAMED', 'T0FJORD', 'U0', 'B0')`,
      [tenant, id],
    )
    await others(21)
    const { rows } = await world.admin.query(`SELECT tenant FROM slack.app_of('A0NAMED')`)
    expect(rows[0]).toEqual({ tenant })
    await world.admin.query(`DELETE FROM slack.workspaces WHERE tenant_id = $1`, [tenant])
  })

  test('whose company has switched Slack off is dropped, also when it was on when it came', async () => {
    await world.admin.query(
      `INSERT INTO platform.tenants (tenant_id, name) VALUES ('${world.tenant}', 'Nordlys')`,
    )
    const off = (on: boolean) =>
      world.admin.query(
        on
          ? `DELETE FROM platform.domains_off WHERE domain = 'slack'`
          : `INSERT INTO platform.domains_off (tenant_id, domain) VALUES ('${world.tenant}', 'slack')`,
      )
    const { promise, resolve } = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    world.doing = () => {
      begun.resolve()
      return promise
    }
    const root = world.nextTs()
    await world.deliver(world.envelope('begun', root))
    await begun.promise
    await world.deliver(world.envelope('waits', world.nextTs(), {}, { thread_ts: root }))
    await off(false)
    await world.deliver(world.envelope('too late', world.nextTs()))
    resolve()
    await world.settled()
    await off(true)
    expect(world.heard.map(({ text }) => text)).toEqual(['begun'])
    expect(await world.inbox(`outcome = 'dropped'`)).toBe(1)
  })
})

describe('the end of a workspace', () => {
  test('that Slack tells of late does not end what was connected since', async () => {
    const tell = async (type: string, seconds: number, more: object = {}) => {
      const envelope = world.envelope('', world.nextTs(), { event_time: seconds }, { type, ...more })
      await world.deliver(envelope)
      await world.settled()
      const { rows } = await world.admin.query(
        `SELECT ended_because AS because FROM slack.workspaces WHERE tenant_id = $1`,
        [world.tenant],
      )
      return (rows as { because: string | null }[])[0]!.because
    }
    const now = Math.floor(Date.now() / 1000)
    const { bot_user_id: bot } = (await world.admin.query('SELECT bot_user_id FROM slack.workspaces WHERE tenant_id = $1', [world.tenant])).rows[0] // prettier-ignore
    expect(await tell('app_uninstalled', now - 3600)).toBeNull()
    expect(await tell('tokens_revoked', now - 3600, { tokens: { bot: [bot] } })).toBeNull()
    expect(await tell('app_uninstalled', now)).toBe('uninstalled')
    await world.connect()
  })
})

describe('many events', () => {
  test('two hundred at once are each acknowledged before anything is done about them, and each heard once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    world.doing = () => promise
    const all = Array.from({ length: 200 }, (_, number) =>
      world.envelope(`message ${number}`, world.nextTs()),
    )
    const answers = await Promise.all(all.map((each) => world.deliver(each)))
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    expect(world.heard).toEqual([])
    resolve()
    await world.settled()
    expect(world.heard.map(({ text }) => text).toSorted()).toEqual(
      all.map(({ event }) => event.text).toSorted(),
    )
  })

  test('that Slack drops are on the workspace for the admin to see', async () => {
    await world.deliver({
      type: 'app_rate_limited',
      api_app_id: world.slack.app.id,
      team_id: world.slack.workspace.team().id,
      minute_rate_limited: 1_766_458_020,
    })
    const { items } = await world.call<{ items: { limitedAt: string | null }[] }>('slack.workspaces.list', {})
    expect(items[0]!.limitedAt).not.toBeNull()
  })
})

describe('a command', () => {
  test('of an employee is answered in the acknowledgement, and of anybody else with a greeting alone', async () => {
    expect((await world.slack.command('anna', 'general', '/hear', 'hej')).body).not.toBe('You said hej')
    await world.database.write(
      world.tenant,
      sql`UPDATE slack.people SET employee_id = ${randomUUID()}, linked_at = now() WHERE tenant_id = ${world.tenant}
        AND slack_user = ${world.slack.workspace.user('anna').id}`,
    )
    expect((await world.slack.command('anna', 'general', '/hear', 'hej')).body).toBe('You said hej')
  })
})
