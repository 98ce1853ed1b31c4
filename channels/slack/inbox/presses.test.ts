import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startHearingWorld, type HearingWorld } from '../testing/hearingWorld.ts'
import { linkPerson } from '../turns/testWorld.ts'
import { readPress } from './press.ts'
import { createInboxStore, type Room } from './store.ts'

let world: HearingWorld
beforeAll(async () => {
  world = await startHearingWorld()
  const { rows } = await world.admin.query('SELECT id FROM slack.workspaces')
  await world.admin.query('DELETE FROM slack.people')
  await linkPerson(world, world.tenant, rows[0].id, 'anna')
})
afterAll(() => world.close())
beforeEach(() => {
  world.heard.length = 0
  world.doing = async () => undefined
})

const command = (name: string, text: string, more: object = {}) => ({
  command: name,
  text,
  api_app_id: world.slack.app.id,
  team_id: world.slack.workspace.team().id,
  channel_id: world.slack.workspace.channel('general').id,
  user_id: world.slack.workspace.user('anna').id,
  trigger_id: `trigger-${randomUUID()}`,
  response_url: 'https://hooks.slack.example/secret',
  token: 'verification-secret',
  ...more,
})
const heard = () => world.heard.map(({ text }) => text)
const outcomes = async (): Promise<(string | null)[]> =>
  (await world.admin.query(`SELECT outcome FROM slack.inbox WHERE event_id LIKE 'press %' ORDER BY position`)).rows.map(({ outcome }) => outcome) // prettier-ignore

describe('what somebody presses', () => {
  test('is on the disk before Slack is answered, without what is good for whoever has it, and gone when it is done', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    world.doing = () => promise
    expect((await world.deliver(command('/do', 'keep this'))).statusCode).toBe(200)
    expect(await world.inbox(`body LIKE '%keep this%' AND done_at IS NULL`)).toBe(1)
    expect(await world.inbox(`body LIKE '%secret%' OR body LIKE '%trigger%' OR event_id LIKE '%trigger%'`)).toBe(0) // prettier-ignore
    resolve()
    await world.settled()
    expect(heard()).toEqual(['keep this'])
    expect(await world.inbox(`body LIKE '%keep this%'`)).toBe(0)
  })

  test('is carried out once, though Slack tells of it again', async () => {
    const pressed = command('/do', 'once')
    await Promise.all([world.deliver(pressed), world.deliver(pressed)])
    expect((await world.deliver(pressed)).statusCode).toBe(200)
    await world.settled()
    expect(heard()).toEqual(['once'])
  })

  test('is carried out by another process when its own dies after Slack was answered, under the same name', async () => {
    const { promise: stuck, resolve } = Promise.withResolvers<void>()
    const names: string[] = []
    world.doing = ({ ts }) => (names.push(ts) === 1 ? stuck : Promise.resolve())
    expect((await world.deliver(command('/do', 'after a crash'))).statusCode).toBe(200)
    await expect.poll(() => names.length).toBe(1)
    await world.admin.query(`UPDATE slack.inbox SET leased_until = now() - interval '1 second', worker = gen_random_uuid() WHERE done_at IS NULL`) // prettier-ignore
    await expect.poll(heard).toEqual(['after a crash'])
    expect(new Set(names).size).toBe(1)
    resolve()
    await world.settled()
  })

  test('and fails after Slack was answered is tried again; before that the person is told, and presses again', async () => {
    let tries = 0
    world.doing = async () => {
      tries += 1
      if (tries === 1) throw new Error('not yet')
    }
    expect((await world.deliver(command('/do', 'later'))).statusCode).toBe(200)
    await expect.poll(heard).toEqual(['later'])
    tries = 0
    expect((await world.deliver(command('/try', 'never'))).statusCode).toBe(500)
    await expect.poll(outcomes).toEqual(expect.arrayContaining(['failed']))
    expect(heard()).toEqual(['later'])
  })

  test('of a workspace that nobody has connected is acknowledged and dropped', async () => {
    const before = await world.inbox()
    expect((await world.deliver(command('/do', 'stranger', { team_id: 'T0STRANGER' }))).statusCode).toBe(200)
    expect(await world.inbox()).toBe(before)
    expect(heard()).toEqual([])
  })
})

test('the choices of a menu and the closing of a modal are not kept', () => {
  const trigger = { trigger_id: '1.2.3' }
  expect(readPress({ type: 'block_suggestion', ...trigger })).toBeUndefined()
  expect(readPress({ type: 'view_closed', ...trigger })).toBeUndefined()
  expect(readPress({ type: 'view_submission', ...trigger, view: {} })?.body).toBe('{"type":"view_submission","view":{}}') // prettier-ignore
})

describe('workspaces take turns', () => {
  const other = randomUUID()
  const ofOther = (text: string) => {
    const { id } = world.slack.workspace.team('Havneby')
    return world.envelope(text, world.nextTs(), {
      team_id: id,
      authorizations: [{ team_id: id, enterprise_id: null, user_id: 'U0' }],
    })
  }

  test('so that one is heard while another holds all that it may have', async () => {
    await world.connect(other, 'karen')
    const { promise, resolve } = Promise.withResolvers<void>()
    world.doing = ({ tenant }) => (tenant === world.tenant ? promise : Promise.resolve())
    for (let number = 0; number < 60; number++) await world.deliver(world.envelope(`flood ${number}`, world.nextTs())) // prettier-ignore
    expect((await world.deliver(ofOther('quiet'))).statusCode).toBe(200)
    await expect.poll(heard).toEqual(['quiet'])
    resolve()
    await world.settled()
    expect(world.heard.length).toBe(61)
  })

  test('and whoever has the fewest at work comes before what the others have waiting', async () => {
    await world.channel.close()
    const { rows } = await world.admin.query(
      'SELECT tenant_id, id FROM slack.workspaces WHERE ended_at IS NULL',
    )
    const mine = rows.find(({ tenant_id: tenant }) => tenant === world.tenant)
    const theirs = rows.find(({ tenant_id: tenant }) => tenant === other)
    for (const [{ tenant_id, id }, name, count] of [[mine, 'many', 50], [theirs, 'few', 3]] as const)
      await world.admin.query(
        `INSERT INTO slack.inbox (tenant_id, workspace_id, event_id, lane, happened, body)
         SELECT $1, $2, $3 || each, $3 || each, '', $3 || each FROM generate_series(0, $4 - 1) AS each`,
        [tenant_id, id, `${name} `, count],
      ) // prettier-ignore
    const store = createInboxStore(world.core)
    const claim = async (room: Room) => (await store.claim(randomUUID(), room)).map(({ body }) => body)
    expect(await claim({ held: [mine.id, mine.id], most: 5, share: 30 })).toEqual(['few 0', 'few 1', 'many 0', 'few 2', 'many 1']) // prettier-ignore
    expect(await claim({ held: [], most: 40, share: 30 })).toHaveLength(30)
    expect(await claim({ held: Array(30).fill(mine.id), most: 10, share: 30 })).toEqual([])
  })
})
