import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import type { AgentPort, PastMessage } from './agentPort.ts'
import { createConversations } from './conversations.ts'
import type { ReplyEvent } from './turn.ts'

describe('what a turn is told of its conversation, where the agent has summed up the beginning', () => {
  let world: TestCore
  let caller: Caller
  let conversation: string
  let summedUpTo: string
  let told: readonly PastMessage[] = []
  const agent: AgentPort = {
    async *run({ text, history }) {
      told = history
      yield { type: 'text', delta: `${text}!` } as const
    },
    summedUpTo: (_, asked) => (asked === conversation ? summedUpTo : undefined),
  }

  /** Answers the reply; `told` is what was said before. */
  const say = async (text: string): Promise<ReplyEvent> => {
    const { handle } = createConversations({ core: world.core, agent })
    const place = conversation === '' ? {} : { conversation }
    const said = { caller, text, locale: 'en', surface: 'chat', requestId: 'test', ...place } as const
    let reply: ReplyEvent | undefined
    for await (const event of handle(said)) if (event.type === 'reply') reply = event
    return reply!
  }

  beforeAll(async () => {
    world = await testCore([])
  })
  afterAll(() => world.close())

  const begin = async (): Promise<void> => {
    caller = world.callerOf(randomUUID())
    conversation = ''
    const { conversation: opened, reply } = await say('one')
    conversation = opened
    summedUpTo = reply.id
    await say('two')
  }

  test('is what was said since', async () => {
    await begin()
    await say('three')
    expect(told.map(({ text }) => text)).toEqual(['two', 'two!'])
  })

  test('and what was replaced before, for which something may still wait', async () => {
    await begin()
    await world.admin.query('UPDATE platform.messages SET replaced_by = id WHERE id = $1', [summedUpTo])
    await say('three')
    expect(told.map(({ text, isReplaced }) => [text, isReplaced])).toEqual([
      ['one!', true],
      ['two', false],
      ['two!', false],
    ])
  })
})
