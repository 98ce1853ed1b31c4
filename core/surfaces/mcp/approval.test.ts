import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClientCapabilities, ElicitResult } from '@modelcontextprotocol/client'
import { connectProgram } from './connectProgram.fixture.ts'
import { connect, errorIn, openMcp, revisions, type McpWorld, type Revision } from './testWorld.ts'

let world: McpWorld
beforeAll(async () => {
  world = await openMcp()
})
afterAll(() => world.close())

/** What a program's person is asked, as the client got it. */
interface Asked {
  readonly message: string
  readonly mode?: string
  readonly url?: string
}

interface Program {
  readonly revision: Revision
  readonly headers: Record<string, string>
  readonly capabilities?: ClientCapabilities
  readonly answer?: (asked: Asked) => Promise<ElicitResult> | ElicitResult
}

async function program({ revision, headers, capabilities = {}, answer }: Program) {
  const client = await connect({ origin: world.origins[0], headers, revision, capabilities })
  const asked: Asked[] = []
  if (answer)
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push(params as Asked)
      return answer(params as Asked)
    })
  const lend = (to: string) =>
    client.callTool({ name: 'shelf_books_lend', arguments: { id: world.bookId, to } })
  return { client, asked, lend }
}

const lettersTo = async (to: string): Promise<number> => {
  const { rows } = await world.admin.query(`SELECT 1 FROM shelf.letters WHERE way = 'out' AND address = $1`, [
    to,
  ])
  return rows.length
}

const everything = ['*.*:read', '*.*:write', '*.*:send', '*.*:destroy']
const keyHeaders = async () => ({ 'x-api-key': await world.key(...everything) })
const idIn = (asked: Asked): string => new URL(asked.url as string).searchParams.get('id') as string

describe.each(revisions)('what a person must approve, asked by a program that speaks %s', (revision) => {
  const address = (name: string) => `${name}.${revision}@havneby.example`

  test('waits, with its id and where to settle it, for a client that cannot ask', async () => {
    const { lend } = await program({ revision, headers: await keyHeaders() })
    const to = address('waits')
    const refused = errorIn(await lend(to))
    expect(refused.code).toBe('approval_required')
    expect(refused.message).toContain(String(refused.details['url']))
    expect(await lettersTo(to)).toBe(0)
    const { id } = refused.details['approval'] as { id: string }
    await world.run('platform.approvals.approve', { id })
    expect(await lettersTo(to)).toBe(1)
  })

  test('is settled on the page that the client opens, and the call gets its answer', async () => {
    const to = address('page')
    const { lend, asked } = await program({
      revision,
      headers: await keyHeaders(),
      capabilities: { elicitation: { url: {} } },
      answer: async (question) => {
        setTimeout(() => void world.run('platform.approvals.approve', { id: idIn(question) }), 600)
        return { action: 'accept' }
      },
    })
    const answer = await lend(to)
    expect(answer.isError).toBeFalsy()
    expect(answer.structuredContent).toEqual({ sent: true })
    expect(asked).toEqual([expect.objectContaining({ mode: 'url', message: expect.stringContaining(to) })])
    expect(await lettersTo(to)).toBe(1)
  })

  test('is not done when the person says no on the page, or does not open it', async () => {
    const saysNo = await program({
      revision,
      headers: await keyHeaders(),
      capabilities: { elicitation: { url: {} } },
      answer: async (question) => {
        await world.run('platform.approvals.reject', { id: idIn(question) })
        return { action: 'accept' }
      },
    })
    expect(errorIn(await saysNo.lend(address('no'))).code).toBe('approval_rejected')
    const stays = await program({
      revision,
      headers: await keyHeaders(),
      capabilities: { elicitation: { url: {} } },
      answer: () => ({ action: 'decline' }),
    })
    expect(errorIn(await stays.lend(address('stays'))).code).toBe('approval_required')
    expect(await lettersTo(address('no'))).toBe(0)
    expect(await lettersTo(address('stays'))).toBe(0)
  })

  test('is never settled by a form of a program whose person did not say that its yes counts', async () => {
    const to = address('hijacked')
    const { lend, asked } = await program({
      revision,
      headers: await keyHeaders(),
      capabilities: { elicitation: { form: {} } },
      answer: () => ({ action: 'accept', content: { approve: true } }),
    })
    expect(errorIn(await lend(to)).code).toBe('approval_required')
    expect(asked).toEqual([])
    const connected = await connectProgram(world, ['read', 'write', 'send', 'destroy'])
    const other = await program({
      revision,
      headers: { authorization: `Bearer ${connected.access_token}` },
      capabilities: { elicitation: { form: {} } },
      answer: () => ({ action: 'accept', content: { approve: true } }),
    })
    expect(errorIn(await other.lend(to)).code).toBe('approval_required')
    expect(await lettersTo(to)).toBe(0)
  })

  test('is settled by a form where the person said, when they connected it, that a yes there is theirs', async () => {
    const connected = await connectProgram(world, ['read', 'write', 'send', 'destroy', 'approve'])
    const answers: ElicitResult[] = [
      { action: 'accept', content: { approve: true } },
      { action: 'accept', content: { approve: false } },
      { action: 'decline' },
      { action: 'cancel' },
    ]
    const { lend, asked } = await program({
      revision,
      headers: { authorization: `Bearer ${connected.access_token}` },
      capabilities: { elicitation: { form: {} } },
      answer: () => answers[asked.length - 1]!,
    })
    const yes = await lend(address('form-yes'))
    expect(yes.structuredContent).toEqual({ sent: true })
    expect(asked[0]?.message).toContain(address('form-yes'))
    expect(await lettersTo(address('form-yes'))).toBe(1)
    expect(errorIn(await lend(address('form-no'))).code).toBe('approval_rejected')
    expect(errorIn(await lend(address('form-declined'))).code).toBe('approval_rejected')
    expect(errorIn(await lend(address('form-closed'))).code).toBe('approval_required')
    for (const name of ['no', 'declined', 'closed']) expect(await lettersTo(address(`form-${name}`))).toBe(0)
  })

  test('is asked of every write once the program has read what an outsider wrote, and of no other program’s', async () => {
    const { client } = await program({ revision, headers: await keyHeaders() })
    const create = (title: string) => client.callTool({ name: 'shelf_books_create', arguments: { title } })
    expect((await create(`Before ${revision}`)).isError).toBeFalsy()
    await client.callTool({ name: 'shelf_letters_list', arguments: {} })
    expect(errorIn(await create(`After ${revision}`)).code).toBe('approval_required')
    const other = await program({ revision, headers: await keyHeaders() })
    const made = await other.client.callTool({
      name: 'shelf_books_create',
      arguments: { title: `Clean ${revision}` },
    })
    expect(made.isError).toBeFalsy()
  })
})

test('what a program carries while its person decides cannot be changed or handed to another', async () => {
  const sealed = async (headers: Record<string, string>) => {
    const response = await callModern(headers, {})
    const { result } = (await response.json()) as { result: { requestState: string } }
    return result.requestState
  }
  const mine = await keyHeaders()
  const state = await sealed(mine)
  const retry = { requestState: state, inputResponses: { approval: { action: 'decline' } } }
  const answerTo = async (headers: Record<string, string>, more: object) =>
    (await callModern(headers, more)).json()
  const refused = { error: { code: -32_602, data: { reason: 'invalid_request_state' } } }
  expect(await answerTo(await keyHeaders(), retry)).toMatchObject(refused)
  expect(await answerTo(mine, { ...retry, requestState: `${state.slice(0, -4)}AAAA` })).toMatchObject(refused)
  expect(await answerTo(mine, retry)).toMatchObject({ result: { isError: true } })
})

function callModern(headers: Record<string, string>, more: object): Promise<Response> {
  const params = {
    name: 'shelf_books_lend',
    arguments: { id: world.bookId, to: 'sealed@havneby.example' },
    ...more,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { url: {} } },
    },
  }
  return fetch(new URL('/mcp', world.origins[0]), {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'shelf_books_lend',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
}
