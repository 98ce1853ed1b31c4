import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createConversations,
  createServer,
  fault,
  type AgentTurn,
  type Authenticate,
  type Conversations,
  type TurnEvent,
} from '#core'
import {
  describeChannel,
  shelf,
  testCore,
  type ChannelAnswer,
  type ChannelSend,
  type TestCore,
} from '#core/testing'
import { chatPaths, registerChat } from './index.ts'

const path = '/api/v1/chat/messages'

/** The real server with the chat on it, listening; `Authorization: Tenant <id>` stands for having signed in. */
async function chatServer(
  { core, callerOf }: TestCore,
  conversations: Conversations,
): Promise<FastifyInstance> {
  const authenticate: Authenticate = async (request) => {
    const tenant = /^Tenant ([0-9a-f-]{36})$/.exec(request.headers.authorization ?? '')?.[1]
    if (tenant === undefined) throw fault('unauthenticated')
    return callerOf(tenant)
  }
  const app = await createServer({
    core,
    authenticate,
    readiness: { reasons: async () => [] },
    documented: chatPaths,
  })
  registerChat(app, { conversations, authenticate })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

interface Frame {
  readonly event: string
  // oxlint-disable-next-line no-explicit-any -- the data of any event
  readonly data: any
}

const framesOf = (text: string): Frame[] =>
  text.split('\n\n').flatMap((block) => {
    const found = /^event: (.*)\ndata: (.*)$/s.exec(block)
    return found ? [{ event: found[1] as string, data: JSON.parse(found[2] as string) as unknown }] : []
  })

function post(
  app: FastifyInstance,
  { tenant, text, delivery, conversation, signal }: ChannelSend,
  accept: string,
) {
  return fetch(app.listeningOrigin + path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: accept,
      Authorization: `Tenant ${tenant}`,
      'Accept-Language': 'en',
    },
    body: JSON.stringify({ text, message: delivery, conversation, locale: 'en' }),
    ...(signal && { signal }),
  })
}

// oxlint-disable-next-line no-explicit-any -- whatever was answered
const refusalOf = ({ error }: any): ChannelAnswer => ({
  conversation: '',
  text: '',
  error: { code: error.code, message: error.message },
})

describeChannel('the chat, as JSON', async (world, conversations) => {
  const app = await chatServer(world, conversations)
  return {
    close: () => app.close(),
    send: async (message) => {
      const body = (await (await post(app, message, 'application/json')).json()) as {
        conversation: string
        reply: { text: string }
      }
      return 'error' in body ? refusalOf(body) : { conversation: body.conversation, text: body.reply.text }
    },
  }
})

describeChannel('the chat, as events', async (world, conversations) => {
  const app = await chatServer(world, conversations)
  return {
    close: () => app.close(),
    send: async (message) => {
      const response = await post(app, message, 'text/event-stream')
      if (response.status !== 200) return refusalOf(await response.json())
      const last = framesOf(await response.text()).at(-1)!
      if (last.event === 'error') return refusalOf(last.data)
      return { conversation: last.data.conversation, text: last.data.reply.text }
    },
  }
})

describe('the chat’s events', () => {
  let world: TestCore
  let app: FastifyInstance
  const tenant = randomUUID()

  async function* run({ call, text }: AgentTurn) {
    if (text === 'many words')
      for (let word = 0; word < 500; word++) yield { type: 'text', delta: `${word} ` } as const
    else if (text === 'slow words') {
      for (let word = 0; word < 4; word++) {
        yield { type: 'text', delta: `${word} ` } as const
        await sleep(60)
      }
    } else {
      await call('shelf.books.create', { title: text }, 'call_1')
      yield { type: 'text', delta: 'Added.' } as const
    }
  }

  beforeAll(async () => {
    world = await testCore([shelf])
    app = await chatServer(world, createConversations({ core: world.core, agent: { run } }))
  })
  afterAll(async () => {
    await app.close()
    await world.close()
  })

  const events = async (text: string) =>
    framesOf(await (await post(app, { tenant, text }, 'text/event-stream')).text())

  test('come in the order of the contract: conversation, call begun and settled, text, reply', async () => {
    const frames = await events('Niels Lyhne')
    expect(frames.map(({ event }) => event)).toEqual(['conversation', 'call', 'call', 'text', 'reply'])
    const [conversation, begun, settled, text, reply] = frames.map(({ data }) => data)
    expect(Object.keys(conversation)).toEqual(['conversation', 'message'])
    expect(begun).toMatchObject({
      operation: 'shelf.books.create',
      title: 'Add a book',
      input: { title: 'Niels Lyhne' },
      status: 'running',
    })
    expect(settled).toMatchObject({
      id: begun.id,
      status: 'done',
      output: { title: 'Niels Lyhne' },
      summary: 'Add a book.',
    })
    expect(text).toEqual({ delta: 'Added.' })
    expect(reply).toEqual({
      conversation: conversation.conversation,
      reply: { id: expect.any(String), text: 'Added.' },
      calls: [settled],
      approvals: [],
    })
  })

  test('carry words that come fast together, and words that come slowly one by one', async () => {
    const fast = (await events('many words')).filter(({ event }) => event === 'text')
    expect(fast.length).toBeLessThan(20)
    expect(fast.map(({ data }) => data.delta).join('')).toContain('498 499')
    const slow = (await events('slow words')).filter(({ event }) => event === 'text')
    expect(slow.length).toBe(4)
  })

  test('end with the reply, whatever becomes of what the turn leaves', async () => {
    const answer = { id: randomUUID(), text: 'Added.' }
    async function* handle(): AsyncGenerator<TurnEvent> {
      yield { type: 'reply', conversation: randomUUID(), reply: answer, calls: [], approvals: [] }
      throw new Error('What it left could not be kept.')
    }
    const conversations = createConversations({ core: world.core, agent: { run } })
    const other = await chatServer(world, { ...conversations, handle })
    const response = await post(other, { tenant, text: 'x' }, 'text/event-stream')
    expect(framesOf(await response.text())).toMatchObject([{ event: 'reply', data: { reply: answer } }])
    await other.close()
  })

  test('are not cached and not held back by a proxy', async () => {
    const answer = await post(app, { tenant, text: 'x' }, 'text/event-stream')
    await answer.text()
    const { headers } = answer
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-accel-buffering')).toBe('no')
    expect(headers.get('x-request-id')).toBeTruthy()
  })

  test('who has not signed in, or sends something else, gets a status and a sentence, never a stream', async () => {
    const send = (body: unknown, headers: Record<string, string> = {}) =>
      app.inject({
        method: 'POST',
        url: path,
        headers: { accept: 'text/event-stream', ...headers },
        payload: body as object,
      })
    const signedIn = { authorization: `Tenant ${tenant}` }
    expect((await send({ text: 'hello' })).json().error.code).toBe('unauthenticated')
    for (const body of [
      {},
      { text: '' },
      { text: 7 },
      { text: 'x', colour: 'red' },
      { text: 'x', conversation: 'one' },
      [],
      { text: 'x', message: '1' },
    ]) {
      const answer = await send(body, signedIn)
      expect(answer.statusCode).toBe(400)
      expect(answer.json().error).toMatchObject({ code: 'invalid_input', requestId: expect.any(String) })
    }
  })

  test('are described in the OpenAPI document', async () => {
    const document = (await app.inject({ url: '/api/v1/openapi.json' })).json()
    expect(document.paths[path].post.summary).toContain('assistant')
  })
})
