import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { TestCore } from '#core/testing'
import { createOutgoing } from './createOutgoing.ts'
import type { Outgoing } from './outgoing.ts'
import { outboxGround, outboxWorld, type OutboxWorld } from './testWorld.ts'

let ground: TestCore
let world: OutboxWorld
let gateways: readonly Outgoing[]
beforeAll(async () => void (ground = await outboxGround()))
afterAll(() => ground.close())
beforeEach(async () => {
  world = await outboxWorld(ground)
  const another = () => createOutgoing({ core: world.core, api: world.api, timer: slack().clock })
  gateways = [world.out, another(), another()]
})
afterEach(async () => {
  await Promise.all(gateways.slice(1).map((out) => out.close()))
  await world.close()
})

const slack = () => world.fake.slack
const refused = () => slack().calls().filter(({ answer }) => answer?.['error'] === 'ratelimited') // prettier-ignore
const texts = () => slack().messages('general').filter(({ botId }) => botId).map(({ text }) => text) // prettier-ignore

test('several processes together go no faster than Slack lets one', async () => {
  const info = (out: Outgoing) => out.call(world.workspace, 'conversations.info', { channel: world.fake.general }, { within: 300_000 }) // prettier-ignore
  const calls = gateways.flatMap((out) => Array.from({ length: 40 }, () => info(out)))
  await world.passing(Promise.all(calls))
  expect(slack().calls('conversations.info')).toHaveLength(120)
  expect(refused()).toEqual([])
})

test('what they post into one channel comes once each, none of it lost', async () => {
  const posts = gateways.flatMap((out, process) =>
    Array.from({ length: 8 }, (_, index) => out.post(world.general(), { text: `${process}.${index}` }, `${process} ${index}`)),
  ) // prettier-ignore
  await world.passing(Promise.all(posts))
  const wanted = gateways.flatMap((_, process) =>
    Array.from({ length: 8 }, (_, index) => `${process}.${index}`),
  )
  expect(texts().toSorted()).toEqual(wanted)
  expect(refused()).toEqual([])
})

test('when Slack tells one to wait, the others wait too', async () => {
  const [first, second] = gateways as [Outgoing, Outgoing]
  const open = (out: Outgoing, within: number) => out.call(world.workspace, 'users.info', { user: slack().workspace.user('anna').id }, { within }) // prettier-ignore
  slack().failNext('users.info', '429')
  await expect(world.passing(open(first, 500))).rejects.toMatchObject({ kind: 'rate_limited' })
  const before = slack().calls('users.info').length
  await expect(world.passing(open(second, 100))).rejects.toMatchObject({ kind: 'rate_limited' })
  expect(slack().calls('users.info')).toHaveLength(before)
})
