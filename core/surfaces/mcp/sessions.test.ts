import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calling, initializing, openMcp, post, type McpWorld } from './testWorld.ts'

let world: McpWorld
beforeAll(async () => {
  world = await openMcp()
})
afterAll(() => world.close())

const everything = ['*.*:read', '*.*:write', '*.*:send', '*.*:destroy']

async function opened(capabilities: object = {}) {
  const key = { 'x-api-key': await world.key(...everything) }
  const response = await post(world.origins[0], initializing(capabilities), key)
  const id = response.headers.get('mcp-session-id') as string
  return { key, id, headers: { ...key, 'mcp-session-id': id } }
}

const pinging = { jsonrpc: '2.0', id: 1, method: 'ping' }
const titled = async (title: string): Promise<number> =>
  (await world.admin.query('SELECT 1 FROM shelf.books WHERE title = $1', [title])).rows.length

describe('a session of a 2025 revision', () => {
  test('is answered by every process, and by none without its id', async () => {
    const { headers, key } = await opened()
    for (const origin of world.origins) expect((await post(origin, pinging, headers)).status).toBe(200)
    expect((await post(world.origins[0], pinging, key)).status).toBe(400)
  })

  test('is nobody’s but its opener’s', async () => {
    const { headers } = await opened()
    const thief = { ...headers, 'x-api-key': await world.key(...everything) }
    expect((await post(world.origins[0], pinging, thief)).status).toBe(404)
    const made = { ...headers, 'mcp-session-id': randomUUID() }
    expect((await post(world.origins[0], pinging, made)).status).toBe(404)
    expect((await post(world.origins[0], pinging, { ...headers, 'mcp-session-id': `'; --` })).status).toBe(
      404,
    )
  })

  test('ends when its program ends it', async () => {
    const { headers } = await opened()
    const end = () => fetch(new URL('/mcp', world.origins[0]), { method: 'DELETE', headers })
    expect((await end()).status).toBe(204)
    expect((await post(world.origins[0], pinging, headers)).status).toBe(404)
    expect((await end()).status).toBe(404)
  })

  test('has no stream of its own', async () => {
    const { headers } = await opened()
    const response = await fetch(new URL('/mcp', world.origins[0]), {
      headers: { ...headers, accept: 'text/event-stream' },
    })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, DELETE'])
  })

  test('does the work of a repeated request once, whichever process gets the repeat', async () => {
    const { headers } = await opened()
    const create = calling(7, 'shelf_books_create', { title: 'Once' })
    const answers = await Promise.all(
      world.origins.map(async (origin) => (await post(origin, create, headers)).json()),
    )
    const [first, second] = answers as { result: { structuredContent: unknown } }[]
    expect(first?.result.structuredContent).toEqual(second?.result.structuredContent)
    expect(await titled('Once')).toBe(1)
    const other = (await (
      await post(world.origins[0], calling(7, 'shelf_books_create', { title: 'Twice' }), headers)
    ).json()) as { result: { content: [{ text: string }] } }
    expect(other.result.content[0].text).toContain('idempotency_mismatch')
  })

  test('gets the answer to its question though it reaches another process', async () => {
    const { headers } = await opened({ elicitation: { url: {} } })
    const lend = calling(1, 'shelf_books_lend', { id: world.bookId, to: 'other@havneby.example' })
    const [first, second] = world.origins
    const stream = await post(first, lend, headers)
    const messages = events(stream)
    const question = (await messages.next()).value as { id: string; params: { url: string } }
    const id = new URL(question.params.url).searchParams.get('id')
    await world.run('platform.approvals.approve', { id })
    const answered = await post(
      second,
      { jsonrpc: '2.0', id: question.id, result: { action: 'accept' } },
      headers,
    )
    expect(answered.status).toBe(202)
    expect((await messages.next()).value).toMatchObject({
      id: 1,
      result: { structuredContent: { sent: true } },
    })
  })

  test('takes no answer from another session for its own', async () => {
    const asking = await opened({ elicitation: { url: {} } })
    const stranger = await opened({ elicitation: { url: {} } })
    const lend = calling(1, 'shelf_books_lend', { id: world.bookId, to: 'stranger@havneby.example' })
    const messages = events(await post(world.origins[0], lend, asking.headers))
    const { id } = (await messages.next()).value as { id: string }
    const answer = (action: string) => ({ jsonrpc: '2.0', id, result: { action } })
    await post(world.origins[0], answer('accept'), stranger.headers)
    await post(world.origins[0], answer('decline'), asking.headers)
    const settled = (await messages.next()).value as { result: { content: [{ text: string }] } }
    expect(settled.result.content[0].text).toContain('approval_required')
  })

  test('stops waiting when its program cancels', async () => {
    const { headers } = await opened({ elicitation: { url: {} } })
    const lend = calling('cancel-me', 'shelf_books_lend', {
      id: world.bookId,
      to: 'cancelled@havneby.example',
    })
    const stream = await post(world.origins[0], lend, headers)
    const messages = events(stream)
    await messages.next()
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'cancel-me' } }
    expect((await post(world.origins[0], cancel, headers)).status).toBe(202)
    expect((await messages.next()).done).toBe(true)
    const { rows } = await world.admin.query(
      `SELECT status FROM platform.approvals WHERE input LIKE '%cancelled@%'`,
    )
    expect(rows).toEqual([{ status: 'pending' }])
  })
})

describe('without a session', () => {
  test('a program’s own key makes a repeat the same call', async () => {
    const key = { 'x-api-key': await world.key(...everything) }
    const headers = {
      ...key,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'shelf_books_create',
      'idempotency-key': randomUUID(),
    }
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    for (const id of [1, 2]) {
      const call = calling(id, 'shelf_books_create', { title: 'Stateless' })
      const response = await post(world.origins[0], { ...call, params: { ...call.params, _meta } }, headers)
      expect(await response.json()).toMatchObject({
        id,
        result: { structuredContent: { title: 'Stateless' } },
      })
    }
    expect(await titled('Stateless')).toBe(1)
  })
})

/** The JSON-RPC messages of an event stream, as they come. */
async function* events({ body }: Response): AsyncGenerator<unknown> {
  let text = ''
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.+)$/m.exec(text.slice(0, end))?.[1]
      text = text.slice(end + 2)
      if (data) yield JSON.parse(data)
    }
  }
}
