import type { AddressInfo } from 'node:net'
import { AIMessageChunk, HumanMessage, type BaseMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify'
import { createAgent } from 'langchain'
import { settings, underLoad } from './underLoad.mjs'

/** Fastify that hands on what LangChain streams, as server-sent events of the same form as ours, and nothing else. */
const { modelUrl } = settings() as { modelUrl: string }
const model = new ChatOpenAI({
  model: 'gpt-test',
  apiKey: 'none',
  configuration: { baseURL: `${modelUrl}/v1` },
})
const agent = createAgent({ model, tools: [] })

async function* agentWords(messages: BaseMessage[], signal: AbortSignal): AsyncGenerator<string> {
  for await (const [message] of await agent.stream({ messages }, { streamMode: 'messages', signal }))
    if (AIMessageChunk.isInstance(message)) yield message.text
}

async function* modelWords(messages: BaseMessage[], signal: AbortSignal): AsyncGenerator<string> {
  for await (const message of await model.stream(messages, { signal })) yield message.text
}

async function answer(
  { body }: FastifyRequest,
  reply: FastifyReply,
  words: typeof agentWords,
): Promise<void> {
  reply.hijack()
  reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  try {
    for await (const delta of words([new HumanMessage((body as { text: string }).text)], left.signal))
      if (delta !== '') reply.raw.write(`event: text\ndata: ${JSON.stringify({ delta })}\n\n`)
  } catch (error) {
    if (!left.signal.aborted) throw error
  }
  reply.raw.end()
}

const app = fastify()
app.post('/agent', (request, reply) => answer(request, reply, agentWords))
app.post('/model', (request, reply) => answer(request, reply, modelWords))
await app.listen({ port: 0, host: '127.0.0.1' })
underLoad((app.server.address() as AddressInfo).port, () => app.close())
