import { ChatOpenAI } from '@langchain/openai'
import type { AIMessageChunk } from '@langchain/core/messages'
import { expect, test } from 'vitest'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import type { VendorAnswer } from '../testing/vendorServer.ts'
import { tellingEarly } from './earlyWords.ts'

/** What an answer of these bytes, cut into pieces of so many, came to: what was heard early, and LangChain's pieces. */
async function read(bytes: Uint8Array, size = bytes.length) {
  const vendor: typeof fetch = async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let from = 0; from < bytes.length; from += size)
          controller.enqueue(bytes.slice(from, from + size))
        controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  const heard: string[] = []
  const chat = new ChatOpenAI({ model: 'm', apiKey: 'k', configuration: { fetch: tellingEarly(vendor) } })
  const listened = {
    fetchOptions: { early: { words: (words: string) => heard.push(words), end: () => undefined } },
  }
  const pieces: AIMessageChunk[] = []
  for await (const piece of await chat.stream('hello', listened as object)) pieces.push(piece)
  return { heard, pieces, whole: pieces.reduce((one, other) => one.concat(other)) }
}

const bytesOf = (events: readonly object[]): Uint8Array =>
  Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') + openaiProtocol.ending)
const answer = (given: VendorAnswer): Uint8Array => bytesOf(openaiProtocol.frames(given))
const words = Array.from({ length: 200 }, (_, index) => `ord${index} på æøå `)
const used = { input: 7, cached: 2, output: 200, reasoning: 0 }

test('every word is heard early, and LangChain reads the same answer in a few pieces', async () => {
  const { heard, pieces, whole } = await read(answer({ words, used }), 3_000)
  expect(heard.join('')).toBe(words.join(''))
  expect(heard.length).toBeGreaterThan(5)
  expect(whole.text).toBe(words.join(''))
  expect(pieces.length).toBeLessThan(10)
  expect(whole.usage_metadata).toMatchObject({ input_tokens: 7, output_tokens: 200 })
  expect(whole.response_metadata).toMatchObject({ finish_reason: 'stop' })
})

test('bytes that are cut anywhere, in the middle of a letter too, are read as they were meant', async () => {
  const { heard, whole } = await read(answer({ words: ['Grød', ' på ', 'bålet 🔥'] }), 1)
  expect(heard).toEqual(['Grød', ' på ', 'bålet 🔥'])
  expect(whole.text).toBe('Grød på bålet 🔥')
})

test('an answer whose last event is not ended by a blank line is read to its end', async () => {
  const bytes = answer({ words: ['almost ', 'whole'] })
  const { heard, whole } = await read(bytes.subarray(0, -2 - openaiProtocol.ending.length))
  expect(heard.join('')).toBe('almost whole')
  expect(whole.text).toBe('almost whole')
  expect(whole.response_metadata).toMatchObject({ finish_reason: 'stop' })
})

test('calls between words stay whole and in their place', async () => {
  const calls = [{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }]
  const { heard, whole } = await read(answer({ words: ['I ', 'add ', 'it.'], calls }))
  expect(heard.join('')).toBe('I add it.')
  expect(whole.text).toBe('I add it.')
  expect(whole.tool_calls).toMatchObject([{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }])
})

const chunk = (choice: object) => ({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, finish_reason: null, ...choice }] }) // prettier-ignore

test('an event that holds more than words is not heard early, and goes to LangChain as it is', async () => {
  const { heard, whole } = await read(
    bytesOf([
      chunk({ delta: { role: 'assistant', content: 'plain ' } }),
      chunk({ delta: { content: 'thought ', reasoning_content: 'hm' } }),
      chunk({ delta: { content: 'again ', reasoning_content: null } }),
      chunk({ delta: { content: 'last' }, finish_reason: 'stop' }),
    ]),
  )
  expect(heard.join('')).toBe('plain again ')
  expect(whole.text).toBe('plain thought again last')
  expect(whole.additional_kwargs).toMatchObject({ reasoning_content: 'hm' })
})

test('an error in the middle of an answer comes after the words before it', async () => {
  const heard: string[] = []
  const bytes = Buffer.concat([
    bytesOf([chunk({ delta: { content: 'half' } })]).subarray(0, -openaiProtocol.ending.length),
    Buffer.from('data: {"error":{"message":"overloaded","type":"server_error"}}\n\n'),
  ])
  const vendor: typeof fetch = async () =>
    new Response(bytes, { headers: { 'content-type': 'text/event-stream' } })
  const response = await tellingEarly(vendor)('http://vendor.example', {
    early: { words: (text: string) => heard.push(text), end: () => heard.push('the end') },
  } as RequestInit)
  expect(await response.text()).toBe(bytes.toString())
  expect(heard).toEqual(['half', 'the end'])
})

test('nobody who does not listen gets another answer than the vendor’s own', async () => {
  const bytes = answer({ words })
  const vendor: typeof fetch = async () =>
    new Response(Buffer.from(bytes), { headers: { 'content-type': 'text/event-stream' } })
  const response = await tellingEarly(vendor)('http://vendor.example')
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
})

test('the client gets the end of an answer when it is let, and its words and that it is over are told before', async () => {
  const heard: string[] = []
  const vendor: typeof fetch = async () =>
    new Response(Buffer.from(answer({ words })), { headers: { 'content-type': 'text/event-stream' } })
  const [asked, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const atEnd = (): Promise<void> => {
    asked.resolve()
    return going.promise
  }
  const early = { words: (text: string) => heard.push(text), end: () => heard.push('the end') }
  const init = { early } as RequestInit
  let isRead = false
  const read = (await tellingEarly(vendor, atEnd)('http://vendor.example', init))
    .text()
    .then(() => (isRead = true))
  await asked.promise
  expect(heard.join('')).toBe(`${words.join('')}the end`)
  expect(isRead).toBe(false)
  going.resolve()
  expect(await read).toBe(true)
})

test('an end that comes with the last words is told with them, and not a round of the event loop later', async () => {
  const heard: string[] = []
  const vendor: typeof fetch = async () =>
    new Response(Buffer.from(answer({ words: ['all ', 'of it'] })), { headers: { 'content-type': 'text/event-stream' } }) // prettier-ignore
  const told = (words: string): void => {
    heard.push(words)
    setImmediate(() => heard.push('a round'))
  }
  const early = { words: told, end: () => heard.push('the end') }
  await (await tellingEarly(vendor)('http://vendor.example', { early } as RequestInit)).text()
  expect(heard.slice(0, 3)).toEqual(['all of it', 'the end', 'a round'])
})
