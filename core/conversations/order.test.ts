import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { createConversations, type Conversations } from './conversations.ts'
import { listConversations } from './operations.ts'

let world: TestCore
let conversations: Conversations

async function* greet() {
  yield { type: 'text', delta: 'Hello.' } as const
}

beforeAll(async () => {
  world = await testCore([])
  conversations = createConversations({ core: world.core, agent: { run: greet } })
})
afterAll(() => world.close())

/** Says something, in a new conversation where none is named; answers which one it was. */
async function say(caller: Caller, conversation?: string): Promise<string> {
  const inbound = { caller, text: 'hello', locale: 'en', surface: 'chat', requestId: 'test' } as const
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
