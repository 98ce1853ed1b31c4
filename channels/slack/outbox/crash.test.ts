import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { TestCore } from '#core/testing'
import { linkId } from '../people/link.ts'
import type { Greeting } from '../people/greeting.ts'
import type { Place } from './outgoing.ts'
import { outboxGround, outboxWorld, type OutboxWorld } from './testWorld.ts'

const fixture = fileURLToPath(new URL('./crash.fixture.ts', import.meta.url))
let ground: TestCore
let world: OutboxWorld
let place: Place
let child: ChildProcess | undefined
beforeAll(async () => void (ground = await outboxGround()))
afterAll(() => ground.close())
beforeEach(async () => {
  world = await outboxWorld(ground)
  place = world.placeOf(world.fake.slack.mention('anna', 'general', 'hvor mange kunder?'))
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await world.close()
})

/** Has another process do it, and ends that process with kill -9 just before or just after a call of Slack. */
async function crash(
  doing: 'post' | 'answer' | 'greeting',
  moment: 'before' | 'after',
  method: string,
  greeting?: Greeting,
): Promise<void> {
  const { runtimeUrl: url, secret, fake } = world
  const given = {
    url, secret: secret.toString('base64'), slackUrl: fake.slack.settings['SLACK_API_URL'], token: fake.token,
    place, moment, method, doing, greeting,
  } // prettier-ignore
  child = spawn(process.execPath, [fixture, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  expect(String(line)).toBe(`${moment} ${method}\n`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await world.leasesRunOut()
}

const said = () =>
  world.fake.slack
    .messages('general')
    .filter(({ botId }) => botId)
    .map(({ blocks }) => String(blocks[0]?.['text']))

test.each([
  ['post', 'before', 'chat.postMessage'],
  ['post', 'after', 'chat.postMessage'],
  ['answer', 'before', 'chat.stopStream'],
  ['answer', 'after', 'chat.stopStream'],
] as const)(
  'a process that dies in its %s, %s %s, leaves what the next one says once',
  async (doing, moment, method) => {
    await crash(doing, moment, method)
    await world.passing(world.out.recover())
    expect(said()).toEqual(['Vi har to kunder.'])
    await world.leasesRunOut()
    await world.passing(world.out.recover())
    expect(said()).toEqual(['Vi har to kunder.'])
  },
)

test.each(['before', 'after'] as const)(
  'an answer whose process dies just %s its stream begins is made again in one message',
  async (moment) => {
    await crash('answer', moment, 'chat.startStream')
    const answer = await world.out.answer(place, 'crash')
    answer.text('Vi har to ')
    await world.passing(answer.finish('Vi har to kunder.'))
    expect(said()).toEqual(['Vi har to kunder.'])
  },
)

/** Somebody of whom nobody knows yet which employee they are. */
async function newcomer(): Promise<string> {
  const { admin, workspace, fake } = world
  const { rows } = await admin.query<{ id: string }>(
    `INSERT INTO slack.people (tenant_id, workspace_id, slack_user, name, standing, checked_at)
     VALUES ($1, $2, $3, 'Anna', 'member', now()) RETURNING id`,
    [workspace.tenant, workspace.id, fake.slack.workspace.user('anna').id],
  )
  return rows[0]!.id
}

const greetings = (channel: string): string[] =>
  world.fake.slack
    .messages(channel)
    .filter(({ botId }) => botId)
    .map(({ text }) => text)
/** Which of the links in what was said is good. */
async function goodLinks(said: readonly string[]): Promise<boolean[]> {
  const { rows } = await world.admin.query<{ id: string }>('SELECT id FROM slack.links WHERE tenant_id = $1', [world.workspace.tenant]) // prettier-ignore
  return said.map((text) => rows.some(({ id }) => id === linkId(/#([\w-]+)\|/.exec(text)?.[1] ?? '')))
}

test.each([
  ['before', 'is said', [true]],
  // Slack tells nobody what one person alone was shown.
  ['after', 'is said again', [false, true]],
] as const)(
  'a greeting for one person whose process dies just %s it is posted %s, with one good link',
  async (moment, _, good) => {
    const greeting = { person: await newcomer(), standing: 'unlinked', only: world.fake.slack.workspace.user('anna').id } as const // prettier-ignore
    await crash('greeting', moment, 'chat.postEphemeral', greeting)
    await world.passing(world.out.recover())
    await world.leasesRunOut()
    await world.passing(world.out.recover())
    expect(await goodLinks(greetings('general'))).toEqual(good)
  },
)

test.each(['before', 'after'] as const)(
  'a greeting in a direct message whose process dies just %s it is posted is said once, with a link that is good',
  async (moment) => {
    const said = world.fake.slack.say('anna', '@bot', 'hej')
    place = world.placeOf(said)
    await crash('greeting', moment, 'chat.postMessage', { person: await newcomer(), standing: 'unlinked' })
    await world.passing(world.out.recover())
    await world.leasesRunOut()
    await world.passing(world.out.recover())
    expect(await goodLinks(greetings(said.channel.id))).toEqual([true])
  },
)

test('a greeting that waits to be said has a row without its link, which is made for a member alone', async () => {
  const person = await newcomer()
  await crash('greeting', 'before', 'chat.postEphemeral', { person, standing: 'unlinked', only: 'U1' })
  const { rows } = await world.admin.query<{ content: unknown }>('SELECT content FROM slack.outbox WHERE tenant_id = $1', [world.workspace.tenant]) // prettier-ignore
  expect(rows).toEqual([{ content: { text: '', locale: 'da', shows: 'text', greeting: { person, standing: 'unlinked', only: 'U1' } } }]) // prettier-ignore
  await world.admin.query(`UPDATE slack.people SET standing = 'guest' WHERE id = $1`, [person])
  await world.passing(world.out.recover())
  expect(await world.rows()).toMatchObject([{ state: 'refused', error: 'user_not_found' }])
  expect(greetings('general')).toEqual([])
})
