import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AgentEvent, AgentTurn } from '#core'
import type { Team } from '../fake/state.ts'
import { allow, codeOf, hash, startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { startHearingWorld, type HearingWorld } from '../testing/hearingWorld.ts'
import { linkPerson } from '../turns/testWorld.ts'
import { redirectPath } from './manifest.ts'

const enterprise = { id: 'E0KONCERN', name: 'Koncern' }

describe('a whole organisation (Enterprise Grid)', () => {
  let world: HearingWorld
  beforeAll(async () => {
    world = await startHearingWorld()
  })
  afterAll(() => world.close())

  test('is one workspace of one company, and hears what is said in every part of it', async () => {
    const { workspace } = world.slack
    const parts = ['Nord', 'Syd'].map((name) => workspace.addTeam(name, enterprise))
    const [kim, ole] = parts.map((team, place) =>
      workspace.addUser(team, { name: `admin${place}`, isAdmin: true }),
    )
    const company = randomUUID()
    const installed = await connectOrganisation(world, company, kim!.id)
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

/** Rows enough that they go as a file beside the answer. */
const longTable = ['| Kunde | By |', '|---|---|', ...Array.from({ length: 150 }, (_, row) => `| Kunde ${row} | Havneby |`)].join('\n') // prettier-ignore

async function* answerInFull({ text }: AgentTurn): AsyncGenerator<AgentEvent, void> {
  yield { type: 'text', delta: text.includes('kunder') ? longTable : 'Ja.' }
}

describe('what the one token of an organisation is good for', () => {
  let world: SlackWorld
  let south: Team
  beforeAll(async () => {
    world = await startSlackWorld({ agent: { run: answerInFull } })
    const { workspace } = world.slack
    const [north, other] = ['Nord', 'Syd'].map((name) => workspace.addTeam(name, enterprise))
    south = other!
    const admin = workspace.addUser(north!, { name: 'kim', isAdmin: true })
    const members = ['per', 'ida'].map((name) => workspace.addUser(south, { name, realName: name }))
    workspace.addChannel(south, { name: 'syd', members })
    const { id } = await connectOrganisation(world, world.tenant, admin.id)
    await linkPerson(world, world.tenant, id, 'per')
    world.slack.invite('syd')
    await world.settled()
  })
  afterAll(() => world.close())

  test('reaches every part of it: answers, files, direct messages, App Home and greetings', async () => {
    const { slack } = world
    const question = slack.mention('per', 'syd', 'hvilke kunder har vi?')
    const direct = slack.say('per', '@bot', 'er du der?')
    slack.mention('ida', 'syd', 'hej')
    slack.openHome('per')
    await world.settled()
    const answers = slack.messages('syd').filter(({ threadTs, botId }) => threadTs === question.ts && botId)
    expect(answers.flatMap(({ files }) => files).map(({ name }) => name)).toMatchObject([/\.csv$/])
    expect(direct.channel.messages.map(({ text }) => text)).toContain('Ja.')
    expect(slack.home('per')).toBeDefined()
    const ida = slack.workspace.user('ida').id
    expect(slack.messages('syd').filter(({ onlyFor }) => onlyFor === ida)).toHaveLength(1)
  })

  test('is never refused, since no method that we call asks which part is meant', () => {
    // An App Home that was shown anew meanwhile, or a message too early for its channel, is no matter of parts.
    const ofHaste = new Set<unknown>(['hash_conflict', 'ratelimited'])
    const refused = world.slack
      .calls()
      .filter(({ answer }) => answer?.['ok'] === false && !ofHaste.has(answer['error']))
    expect(refused.map(({ method, answer }) => [method, answer?.['error']])).toEqual([])
  })
})

/** An admin of the organisation allows the app for all of it. */
async function connectOrganisation(
  { app, call }: SlackWorld,
  company: string,
  admin: string,
): Promise<{ readonly id: string }> {
  const redirectUri = app.listeningOrigin + redirectPath
  const begun = await call<{ url: string }>('slack.installs.begin', { redirectUri, browser: hash('browser') }, company) // prettier-ignore
  const { code, state } = await allow(begun.url, admin, { org: 'true' })
  return call('slack.installs.finish', { id: state, code, browser: 'browser' }, company)
}
