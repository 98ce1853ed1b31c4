import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { initializing, openMcp, post, type McpWorld } from './testWorld.ts'

let world: McpWorld
let key: string
let session: string
beforeAll(async () => {
  world = await openMcp()
  key = await world.key('shelf.*:read', 'shelf.*:write')
  const opened = await post(world.origins[0], initializing(), { 'x-api-key': key })
  session = opened.headers.get('mcp-session-id') as string
})
afterAll(() => world.close())

interface Asked {
  readonly tool: string
  readonly input?: unknown
  readonly header?: string
  readonly meta?: object
  readonly more?: object
}

interface Answer {
  readonly status: number
  readonly message: {
    readonly result?: { readonly content: [{ text: string }]; readonly structuredContent?: unknown }
    readonly error?: { readonly code: number }
  }
}

type Ask = (asked: Asked) => Promise<Answer>

const newest: Ask = ({ tool, input, header = tool, meta, more }) =>
  send(
    { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': header },
    {
      name: tool,
      arguments: input,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
        ...meta,
      },
      ...more,
    },
  )

const inSession: Ask = ({ tool, input, meta, more }) =>
  send(
    { 'mcp-protocol-version': '2025-11-25', 'mcp-session-id': session },
    { name: tool, arguments: input, _meta: meta, ...more },
  )

async function send(headers: Record<string, string>, params: object): Promise<Answer> {
  const message = { jsonrpc: '2.0', id: 'a "b"', method: 'tools/call', params }
  const response = await post(world.origins[0], message, { 'x-api-key': key, ...headers })
  return { status: response.status, message: (await response.json()) as Answer['message'] }
}

/** What the library answers: anything special about a call makes it the library's. */
const special = { meta: { 'example/special': true } }

/** As a program sees it: the text of a refusal names the request, which is another each time. */
const withoutRequestId = (answer: Answer) =>
  JSON.parse(JSON.stringify(answer).replace(/\\"requestId\\":\\"[^"]+\\"/, '')) as Answer

const reads: [what: string, asked: () => Asked][] = [
  ['a list', () => ({ tool: 'shelf_books_list', input: { limit: 2 } })],
  ['a list asked without anything', () => ({ tool: 'shelf_books_list' })],
  ['one thing', () => ({ tool: 'shelf_books_get', input: { id: world.bookId } })],
  ['what outsiders wrote', () => ({ tool: 'shelf_letters_list', input: {} })],
  ['a thing of another company', () => ({ tool: 'shelf_books_get', input: { id: world.theirBookId } })],
  ['a thing that is not there', () => ({ tool: 'shelf_books_get', input: { id: randomUUID() } })],
  ['wrong input', () => ({ tool: 'shelf_books_get', input: { id: 'Løvens "gab"' } })],
  ['input that is none', () => ({ tool: 'shelf_books_list', input: [1] })],
  ['what the key may not read', () => ({ tool: 'platform_audit_list', input: {} })],
  ['a tool that is none', () => ({ tool: 'shelf_books_none', input: {} })],
  ['another tool than the header says', () => ({ tool: 'shelf_books_list', header: 'shelf_books_get' })],
  ['more than the protocol knows', () => ({ tool: 'shelf_books_list', more: { extra: 1 } })],
]

describe.each([
  ['2026-07-28', newest],
  ['2025-11-25', inSession],
])('in %s', (_, ask) => {
  test.each(reads)('%s is answered as the protocol’s own library answers it', async (__, asked) => {
    const answered = withoutRequestId(await ask(asked()))
    expect(answered).toEqual(withoutRequestId(await ask({ ...asked(), ...special })))
  })

  test('the text of an answer is the JSON of its structured content', async () => {
    const { status, message } = await ask({ tool: 'shelf_books_get', input: { id: world.bookId } })
    const { content, structuredContent } = message.result!
    expect([status, JSON.parse(content[0].text)]).toEqual([200, structuredContent])
  })
})

test('a session of nobody’s reads nothing', async () => {
  const headers = { 'mcp-protocol-version': '2025-11-25', 'mcp-session-id': randomUUID() }
  expect((await send(headers, { name: 'shelf_books_list' })).status).toBe(404)
})
