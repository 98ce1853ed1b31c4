import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AgentEvent, AgentTurn } from '../conversations/agentPort.ts'
import { createConversations, type Conversations } from '../conversations/conversations.ts'
import { listMessages } from '../conversations/operations.ts'
import type { Environment } from '../config.ts'
import type { Plugin } from '../operations/plugin.ts'
import { testCore, type TestCore } from './core.ts'
import { shelf } from './shelf/shelf.ts'

/** One message as a person sends it by the channel, and what came back. */
export interface ChannelSend {
  readonly tenant: string
  readonly text: string
  /** What the channel knows the delivery by; a UUID. */
  readonly delivery?: string
  readonly conversation?: string
  /** Aborted when the person goes away in the middle of the answer. */
  readonly signal?: AbortSignal
}

export interface ChannelAnswer {
  readonly conversation: string
  readonly text: string
  /** Present when the message was refused or its turn failed: the one sentence that the person reads. */
  readonly error?: { readonly code: string; readonly message: string }
}

export interface ChannelDriver {
  /** What is said goes where it is said: nobody can name a conversation in which they are not. */
  readonly conversationsAreNamed?: false
  send(message: ChannelSend): Promise<ChannelAnswer>
  /** Whether a message has come, where the channel keeps it from its conversation until the one before is answered. */
  hasCome?(tenant: string, text: string): Promise<boolean>
  close(): Promise<void>
}

/** What a channel needs of its own: its domain, and settings. */
export interface ChannelGround {
  readonly plugins?: readonly Plugin[]
  readonly environment?: Environment
}

/** What every human way in must hold: each message handled once, in order, stopped when nobody listens, honest when it fails. */
export function describeChannel(
  name: string,
  open: (world: TestCore, conversations: Conversations) => Promise<ChannelDriver>,
  ground: () => Promise<ChannelGround> = async () => ({}),
): void {
  describe(name, () => {
    let world: TestCore
    let channel: ChannelDriver
    let heard: AgentTurn[] = []
    /** Turns that wait until they are let go on, with how to let them. */
    let held: (() => void)[] = []

    /** An agent that does what it is told, line by line: `say <text>`, `hold` until it is let go on, `break`. */
    async function* obey({ text, signal }: AgentTurn): AsyncGenerator<AgentEvent, void> {
      for (const line of text.split('\n')) {
        const [verb = '', rest = ''] = [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)]
        if (verb === 'hold') await heldUp(signal, held)
        else if (verb === 'break') throw new Error('the model broke')
        else yield { type: 'text', delta: rest }
      }
    }

    beforeAll(async () => {
      const { plugins = [], environment = {} } = await ground()
      world = await testCore([shelf, ...plugins], environment)
      const run = (turn: AgentTurn) => {
        heard.push(turn)
        return obey(turn)
      }
      channel = await open(world, createConversations({ core: world.core, agent: { run } }))
    })
    afterAll(async () => {
      await channel.close()
      await world.close()
    })

    const kept = async (tenant: string, conversationId: string) =>
      (await world.core.invoke(listMessages, { conversationId }, world.callerOf(tenant))).value.items

    test('a message is answered, and the conversation goes on', async () => {
      const tenant = randomUUID()
      const first = await channel.send({ tenant, text: 'say hello' })
      expect(first.text).toBe('hello')
      heard = []
      await channel.send({ tenant, text: 'say again', conversation: first.conversation })
      expect(heard[0]?.history.map(({ text }) => text)).toEqual(['say hello', 'hello'])
    })

    test('a message that is delivered ten times is handled once', async () => {
      const [tenant, delivery] = [randomUUID(), randomUUID()]
      heard = []
      held = []
      const text = 'hold\nsay once'
      const sent = Array.from({ length: 10 }, () => channel.send({ tenant, delivery, text }))
      await expect.poll(() => held.length).toBe(1)
      held[0]!()
      const answers = await Promise.all(sent)
      expect(heard.length).toBe(1)
      expect(new Set(answers.map((answer) => answer.text))).toEqual(new Set(['once']))
      expect(new Set(answers.map((answer) => answer.conversation)).size).toBe(1)
    })

    test('messages of one conversation are answered in the order they came', async () => {
      const tenant = randomUUID()
      const { conversation } = await channel.send({ tenant, text: 'say hello' })
      heard = []
      held = []
      const first = channel.send({ tenant, conversation, text: 'hold\nsay first' })
      await expect.poll(() => held.length).toBe(1)
      const second = channel.send({ tenant, conversation, text: 'say second' })
      const isKept = async (_: string, asked: string) =>
        (await kept(tenant, conversation)).some(({ text }) => text === asked)
      await expect.poll(() => (channel.hasCome ?? isKept)(tenant, 'say second')).toBe(true)
      held[0]!()
      await Promise.all([first, second])
      expect(heard.map(({ text }) => text)).toEqual(['hold\nsay first', 'say second'])
      expect(heard[1]?.history.at(-1)?.text).toBe('first')
    })

    test('another company’s conversation is answered as one that does not exist', async () => {
      const { conversation } = await channel.send({ tenant: randomUUID(), text: 'say mine' })
      const theirs = await channel.send({ tenant: randomUUID(), text: 'say yours', conversation })
      const nobodys = await channel.send({
        tenant: randomUUID(),
        text: 'say yours',
        conversation: randomUUID(),
      })
      expect(theirs.error).toEqual(nobodys.error)
      if (channel.conversationsAreNamed === false) expect(theirs.conversation).not.toBe(conversation)
      else expect(theirs.error?.code).toBe('not_found')
    })

    test('when the person goes away the agent stops, and what was said stays', async () => {
      const tenant = randomUUID()
      const { conversation } = await channel.send({ tenant, text: 'say hello' })
      const leaving = new AbortController()
      heard = []
      held = []
      const left = channel.send({
        tenant,
        conversation,
        text: 'say begun\nhold',
        signal: leaving.signal,
      })
      await expect.poll(() => held.length).toBe(1)
      leaving.abort()
      await left.catch(() => undefined)
      await expect.poll(() => heard[0]!.signal.aborted).toBe(true)
      await expect.poll(async () => (await kept(tenant, conversation)).at(-1)?.status).toBe('stopped')
      expect((await kept(tenant, conversation)).at(-1)?.text).toContain('begun')
    })

    test('a turn that fails is told in one sentence, without what went wrong inside', async () => {
      const { error } = await channel.send({ tenant: randomUUID(), text: 'break' })
      expect(error?.code).toBe('internal')
      expect(error?.message).toMatch(/^[A-ZÆØÅ][^\n]*[.!]$/)
      expect(error?.message).not.toContain('the model broke')
    })

    test('any text is answered or refused with a sentence', async () => {
      for (const text of [
        '\0',
        '\ud800',
        ' ',
        'x'.repeat(16_001),
        'say 🧹 Ærø\u202e<script>alert(1)</script>',
      ]) {
        const { error, text: answer } = await channel.send({ tenant: randomUUID(), text })
        if (error) expect(error.code).toBe('invalid_input')
        else expect(answer).toBe('🧹 Ærø\u202e<script>alert(1)</script>')
      }
    })
  })
}

/** Resolves once it is let go on, and rejects when its turn is stopped. */
const heldUp = (signal: AbortSignal, held: (() => void)[]): Promise<void> =>
  new Promise((resolve, reject) => {
    held.push(resolve)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
