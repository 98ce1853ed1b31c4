import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allow, codeOf, hash } from '../testing/slackWorld.ts'
import { startHearingWorld, type HearingWorld } from '../testing/hearingWorld.ts'
import { redirectPath } from './manifest.ts'

let world: HearingWorld
beforeAll(async () => {
  world = await startHearingWorld()
})
afterAll(() => world.close())

describe('a whole organisation (Enterprise Grid)', () => {
  test('is one workspace of one company, and hears what is said in every part of it', async () => {
    const { workspace } = world.slack
    const parts = ['Nord', 'Syd'].map((name) => workspace.addTeam(name, { id: 'E0KONCERN', name: 'Koncern' }))
    const [kim, ole] = parts.map((team, place) =>
      workspace.addUser(team, { name: `admin${place}`, isAdmin: true }),
    )
    const company = randomUUID()
    const redirectUri = world.app.listeningOrigin + redirectPath
    const input = { redirectUri, browser: hash('browser') }
    const { url } = await world.call<{ url: string }>('slack.installs.begin', input, company)
    const { code, state } = await allow(url, kim!.id, { org: 'true' })
    const installed = await world.call(
      'slack.installs.finish',
      { id: state, code, browser: 'browser' },
      company,
    )
    expect(installed).toMatchObject({ teamId: null, enterpriseId: 'E0KONCERN', status: 'connected' })

    const authorizations = [
      { team_id: parts[1]!.id, enterprise_id: 'E0KONCERN', is_enterprise_install: true },
    ]
    await world.deliver(
      world.envelope(
        'from the south',
        undefined,
        { team_id: parts[1]!.id, authorizations },
        { bot_id: 'B0OTHER' },
      ),
    )
    await world.channel.settled()
    expect(world.heard).toMatchObject([{ text: 'from the south', tenant: company }])
    expect(await codeOf(world.connect(randomUUID(), ole!.name))).toBe('slack_workspace_taken')
  })
})
