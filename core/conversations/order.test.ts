import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import type { AgentTurn } from './agentPort.ts'
import { createConversations, type Conversations } from './conversations.ts'
import { listConversations, listMessages } from './operations.ts'

let world: TestCore
let conversations: Conversations

/** Turns that are told to hold, with how to let them go on. */
const held: (() => void)[] = []

async function* greet({ text }: AgentTurn) {
  if (text === 'hold') await new Promise<void>((goOn) => held.push(goOn))
  yield { type: 'text', delta: `Hello: ${text}.` } as const
}

beforeAll(async () => {
  world = await testCore([])
  conversations = createConversations({ core: world.core, agent: { run: greet } })
})
afterAll(() => world.close())

/** Says something, in a new conversation where none is named; answers which one it was. */
async function say(caller: Caller, conversation?: string, text = 'hello'): Promise<string> {
  const inbound = { caller, text, locale: 'en', surface: 'chat', requestId: 'test' } as const
  let said = ''
  for await (const event of conversations.handle({ ...inbound, ...(conversation && { conversation }) }))
    if (event.type === 'reply') said = event.conversation
  return said
}

test('whatever conversation somebody goes on with stands first, and tells when that was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(2), { minLength: 1, maxLength: 8 }), async (chosen) => {
      const caller = world.callerOf(randomUUID())
      const expected: string[] = []
      for (let opened = 0; opened < 3; opened++) expected.unshift(await say(caller))
      for (const place of chosen) {
        expected.unshift(...expected.splice(place, 1))
        await say(caller, expected[0])
      }
      const { items } = (await world.core.invoke(listConversations, {}, caller)).value
      expect(items.map(({ id }) => id)).toEqual(expected)
      const told = items.map(({ updatedAt }) => updatedAt)
      expect(told).toEqual(told.toSorted().toReversed())
    }),
    { numRuns: 10 },
  )
})

test('two messages of one conversation are answered one after the other', async () => {
  const caller = world.callerOf(randomUUID())
  const conversation = await say(caller)
  const texts = async () =>
    (await world.core.invoke(listMessages, { conversationId: conversation }, caller)).value.items.map(({ text }) => text) // prettier-ignore
  const first = say(caller, conversation, 'hold')
  await expect.poll(() => held.length).toBe(1)
  const second = say(caller, conversation, 'second')
  await expect.poll(texts).toContain('second')
  held[0]!()
  await Promise.all([first, second])
  expect(await texts()).toEqual([
    'hello',
    'Hello: hello.',
    'hold',
    'second',
    'Hello: hold.',
    'Hello: second.',
  ])
})

test('one in which nothing is said tells when it was opened', async () => {
  const caller = world.callerOf(randomUUID())
  const { tenant, actor } = caller
  await world.admin.query(
    `INSERT INTO platform.conversations (tenant_id, id, person_id, title) VALUES ($1, $2, $3, 'Nothing yet')`,
    [tenant.id, randomUUID(), actor.id],
  )
  const { items } = (await world.core.invoke(listConversations, {}, caller)).value
  expect(items).toHaveLength(1)
  expect(items[0]?.updatedAt).toBe(items[0]?.createdAt)
})
