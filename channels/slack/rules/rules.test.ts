import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startApprovalWorld, type ApprovalWorld } from '../testing/approvalWorld.ts'
import { readRules } from './rules.ts'

interface Place {
  readonly id: string
  readonly kind: 'company' | 'workspace' | 'channel'
  readonly name: string
  readonly answers: string
  readonly answersFrom: string
  readonly approvers: readonly { readonly id: string }[]
  readonly approversFrom: string
  readonly version: number
}

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld()
  world.slack.mention('anna', 'general', 'hej')
  await world.settled()
})
afterAll(() => world.close())
beforeEach(() => world.admin.query('DELETE FROM slack.rules'))

const list = async () => (await world.call<{ items: Place[] }>('slack.channels.list', {})).items
const placeOf = async (kind: Place['kind'], name?: string) => (await list()).find((each) => each.kind === kind && (name === undefined || each.name === name))! // prettier-ignore
const choose = (id: string, more: object) => world.call<Place>('slack.channels.update', { id, ...more })
const held = () => readRules(world.core.database, world.workspace, world.place.channel)

test('the company, its workspaces and the channels that the app has met stand one under the other', async () => {
  expect((await list()).map(({ kind }) => kind)).toEqual(['company', 'workspace', 'channel'])
  expect((await placeOf('channel')).name).toBe('general')
})

test('who chose nothing has the usual, and it says so', async () => {
  expect(await held()).toMatchObject({ agentId: null, answers: 'mentions', answersFrom: 'standard', approvers: [], approversFrom: 'standard' }) // prettier-ignore
})

test('the nearest that was chosen holds, and it says where that was', async () => {
  const [company, workspace, channel] = await list()
  await choose(company!.id, { answers: 'everything', approvers: [world.mikkel.actor.id] })
  expect(await held()).toMatchObject({
    answers: 'everything',
    answersFrom: 'company',
    approversFrom: 'company',
  })
  await choose(workspace!.id, { answers: 'mentions' })
  expect(await held()).toMatchObject({
    answers: 'mentions',
    answersFrom: 'workspace',
    approversFrom: 'company',
  })
  const chosen = await choose(channel!.id, { approvers: [] })
  expect(chosen).toMatchObject({ approvers: [], approversFrom: 'channel', answersFrom: 'workspace' })
  await choose(channel!.id, { approvers: null })
  expect(await held()).toMatchObject({ approvers: [world.mikkel.actor.id], approversFrom: 'company' })
})

test('a channel that was never met, and a direct message, have what their workspace has', async () => {
  await choose(world.tenant, { answers: 'everything' })
  expect(await readRules(world.core.database, world.workspace, 'D0123')).toMatchObject({
    answersFrom: 'company',
  })
})

test('a change that was made from an older state is refused, as is somebody who is no colleague', async () => {
  const channel = await placeOf('channel')
  await choose(channel.id, { answers: 'everything', version: channel.version })
  await expect(choose(channel.id, { answers: 'mentions', version: channel.version })).rejects.toMatchObject({ code: 'version_conflict' }) // prettier-ignore
  await expect(choose(channel.id, { approvers: ['00000000-0000-7000-8000-000000000000'] })).rejects.toMatchObject({ code: 'not_found' }) // prettier-ignore
})

test('an agent does not choose who approves', async () => {
  const agent = { kind: 'agent', id: 'assistant', name: 'TekUp', personId: world.anna.actor.id } as const
  const attempt = world.call('slack.channels.update', { id: world.tenant, approvers: [] }, world.tenant, { actor: agent }) // prettier-ignore
  await expect(attempt).rejects.toMatchObject({ code: 'person_required' })
})

test('the direct message of a group goes by its members’ names; Slack is asked only about whom nobody here knows', async () => {
  const { slack, admin } = world
  const team = slack.workspace.team()
  const ida = slack.workspace.addUser(team, {
    name: 'ida',
    realName: 'Ida Holm',
    email: 'ida@nordlys.example',
  })
  const group = slack.workspace.direct(team, [ida, ...['mikkel', 'anna', 'tekup'].map(slack.workspace.user)])
  slack.mention('anna', group.id, 'hej')
  await world.settled()
  expect(await placeOf('channel', 'Anna Nordlys, Ida Holm, Mikkel Brandt')).toMatchObject({ isPrivate: true })
  const asked = slack.calls('users.info').map((call) => call.arguments['user'])
  expect(asked.filter((user) => user === ida.id)).toHaveLength(1)
  expect(new Set(asked).size).toBe(asked.length)
  expect((await admin.query('SELECT FROM slack.people WHERE slack_user = $1', [ida.id])).rowCount).toBe(0)
})
