import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { TestCore } from '#core/testing'
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
async function crash(doing: 'post' | 'answer', moment: 'before' | 'after', method: string): Promise<void> {
  const { runtimeUrl: url, secret, fake } = world
  const given = {
    url, secret: secret.toString('base64'), slackUrl: fake.slack.settings['SLACK_API_URL'], token: fake.token,
    place, moment, method, doing,
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
