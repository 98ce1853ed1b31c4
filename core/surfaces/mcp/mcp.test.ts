import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tool } from '@modelcontextprotocol/client'
import { connect, errorIn, openMcp, post, initializing, revisions, type McpWorld } from './testWorld.ts'

let world: McpWorld
beforeAll(async () => {
  world = await openMcp()
})
afterAll(() => world.close())

async function everyTool(client: Awaited<ReturnType<typeof connect>>): Promise<Tool[]> {
  const { tools, nextCursor } = await client.listTools()
  const found = [...tools]
  for (let cursor = nextCursor; cursor !== undefined;) {
    const page = await client.listTools({ cursor })
    found.push(...page.tools)
    cursor = page.nextCursor
  }
  return found
}

describe.each(revisions)('a program that speaks %s', (revision) => {
  const connected = async (scopes: string[], more: Record<string, string> = {}) =>
    connect({
      origin: world.origins[0],
      headers: { 'x-api-key': await world.key(...scopes), ...more },
      revision,
    })

  test('finds what it may do and nothing else, page by page', async () => {
    const all = await everyTool(await connected(['*.*:read', '*.*:write', '*.*:send', '*.*:destroy']))
    const names = all.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('shelf_books_delete')
    // Secrets and decisions are for people.
    expect(names).not.toContain('shelf_books_mail')
    expect(names).not.toContain('platform_apiKeys_create')
    expect(names).not.toContain('platform_approvals_approve')
    const few = await everyTool(await connected(['shelf.books:read']))
    expect(few.map(({ name }) => name).toSorted()).toEqual(['shelf_books_get', 'shelf_books_list'])
  })

  test('is told of each tool what its effect means', async () => {
    const all = await everyTool(
      await connected(['shelf.*:read', 'shelf.*:write', 'shelf.*:send', 'shelf.*:destroy']),
    )
    const hints = (name: string) => all.find((tool) => tool.name === name)?.annotations
    const read = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
    expect(hints('shelf_books_list')).toEqual(read)
    expect(hints('shelf_letters_list')).toEqual({ ...read, openWorldHint: true })
    expect(hints('shelf_books_create')).toEqual({ ...read, readOnlyHint: false, idempotentHint: false })
    expect(hints('shelf_books_delete')).toEqual({ ...read, readOnlyHint: false, destructiveHint: true })
    expect(hints('shelf_books_lend')).toEqual({ readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true }) // prettier-ignore
  })

  test('gets titles in the language that it asks for', async () => {
    const danish = await everyTool(await connected(['shelf.books:read'], { 'accept-language': 'da' }))
    const english = await everyTool(await connected(['shelf.books:read'], { 'accept-language': 'en' }))
    expect(danish[0]?.title).not.toBe(english[0]?.title)
    expect(danish[0]?.description).toContain(danish[0]?.title)
  })

  test('reads, and gets the answer as text and as structure', async () => {
    const client = await connected(['shelf.books:read'])
    await everyTool(client)
    const answer = await client.callTool({ name: 'shelf_books_list', arguments: { limit: 1 } })
    const [{ text }] = answer.content as unknown as [{ text: string }]
    expect(JSON.parse(text)).toEqual(answer.structuredContent)
    expect(answer.structuredContent).toMatchObject({ items: [{ title: expect.any(String) }] })
  })

  test('gets a refusal as a result, with its code and a sentence in the person’s language', async () => {
    const client = await connected(['shelf.books:read'], { 'accept-language': 'da' })
    const wrong = errorIn(await client.callTool({ name: 'shelf_books_get', arguments: { id: 'x' } }))
    expect(wrong).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('Ret det') })
    const forbidden = errorIn(
      await client.callTool({ name: 'shelf_books_create', arguments: { title: 'No' } }),
    )
    expect(forbidden.code).toBe('forbidden')
  })

  test('is told that a tool does not exist as the protocol says it', async () => {
    const client = await connected(['*.*:read'])
    await expect(client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toMatchObject({
      code: -32_602,
    })
    await expect(client.callTool({ name: 'shelf_books_mail', arguments: {} })).rejects.toMatchObject({
      code: -32_602,
    })
    await expect(client.listTools({ cursor: 'nowhere' })).rejects.toMatchObject({ code: -32_602 })
  })

  test('gets the ways in which people ask as prompts', async () => {
    const client = await connected(['shelf.books:read'], { 'accept-language': 'en' })
    const { prompts } = await client.listPrompts()
    expect(prompts.map(({ name }) => name).toSorted()).toEqual(['shelf_books_get', 'shelf_books_list'])
    const { messages } = await client.getPrompt({ name: 'shelf_books_list' })
    expect(messages[0]).toMatchObject({ role: 'user', content: { text: expect.stringMatching(/book/i) } })
    await expect(client.getPrompt({ name: 'shelf_books_create' })).rejects.toMatchObject({ code: -32_602 })
  })

  test('acts as an agent for its person, and the trail says so', async () => {
    const client = await connected(['shelf.books:write'])
    const made = await client.callTool({ name: 'shelf_books_create', arguments: { title: `By ${revision}` } })
    const { id } = made.structuredContent as { id: string }
    const { rows } = await world.admin.query(
      `SELECT actor_kind, actor_name, surface, person_id FROM platform.audit WHERE subject_id = $1`,
      [id],
    )
    expect(rows).toEqual([
      { actor_kind: 'agent', actor_name: 'Robot', surface: 'mcp', person_id: world.nordlys.caller.actor.id },
    ])
  })

  test('never reaches another company', async () => {
    const client = await connected(['shelf.books:read'])
    const answer = errorIn(
      await client.callTool({ name: 'shelf_books_get', arguments: { id: world.theirBookId } }),
    )
    expect(answer.code).toBe('not_found')
  })
})

describe('the door of /mcp', () => {
  test('says to whoever has no credential where to get one, and takes no cookie for one', async () => {
    const [origin] = world.origins
    for (const headers of [{}, { cookie: 'tekup_access=anything' }, { authorization: 'Bearer wrong' }]) {
      const response = await post(origin, initializing(), headers)
      expect(response.status).toBe(401)
      const metadata = /resource_metadata="([^"]+)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1]
      expect(await (await fetch(metadata!)).json()).toMatchObject({ resource: `${origin}/mcp` })
    }
  })

  test('is shut to names and pages that are not ours', async () => {
    const [origin] = world.origins
    const headers = { 'x-api-key': await world.key('*.*:read') }
    const foreign = await post(origin, initializing(), { ...headers, origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect(await foreign.json()).toMatchObject({ error: { data: { code: 'foreign_host' } } })
    const { hostname, port } = new URL(origin)
    const status = await new Promise((resolve) =>
      request(
        { hostname, port, path: '/mcp', method: 'POST', headers: { ...headers, host: 'evil.example' } },
        (answer) => resolve(answer.statusCode),
      ).end(),
    )
    expect(status).toBe(403)
  })

  test('refuses what is too large or no JSON in the protocol’s own error shape', async () => {
    const [origin] = world.origins
    const headers = { 'x-api-key': await world.key('*.*:read') }
    const large = await post(origin, { ...initializing(), padding: 'x'.repeat(1_100_000) }, headers)
    expect([large.status, await large.json()]).toMatchObject([413, { jsonrpc: '2.0', error: { data: { code: 'too_large' } } }]) // prettier-ignore
    const broken = await post(origin, '{"jsonrpc":', headers)
    expect([broken.status, await broken.json()]).toMatchObject([400, { jsonrpc: '2.0', id: null }])
  })

  test('lets a person in with their own sign-in', async () => {
    const [origin] = world.origins
    const signedIn = await fetch(new URL('/api/v1/auth/login', origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'anna@nordlys.example', password: 'Regnbue over Nordhavn' }),
    })
    const { accessToken } = (await signedIn.json()) as { accessToken: string }
    const client = await connect({
      origin,
      headers: { authorization: `Bearer ${accessToken}` },
      revision: '2026-07-28',
    })
    const { tools } = await client.listTools()
    expect(tools.length).toBeGreaterThan(20)
  })
})
