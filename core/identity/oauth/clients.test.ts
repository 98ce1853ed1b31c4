import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMcp, type McpWorld } from '../../surfaces/mcp/testWorld.ts'
import { createClients } from './clients.ts'
import { isKnownRedirect, isRedirectAddress } from './redirects.ts'

let world: McpWorld
beforeAll(async () => {
  world = await openMcp()
})
afterAll(() => world.close())

describe('a client that has a metadata document', () => {
  let documents: Server
  const answers = new Map<string, { body: unknown; headers?: Record<string, string> }>()
  let reads = 0
  beforeAll(async () => {
    documents = createServer((asked, answer) => {
      reads++
      const found = answers.get(asked.url ?? '')
      answer.writeHead(found ? 200 : 404, { 'content-type': 'application/json', ...found?.headers })
      answer.end(JSON.stringify(found?.body ?? null))
    })
    await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => documents.close())

  /** The egress door with the one difference that the outsider's host is this machine. */
  const clients = () =>
    createClients({
      database: world.core.database,
      clock: world.core.clock,
      fetchTo: () => (address, init) => {
        const { pathname } = new URL(String(address))
        return fetch(`http://127.0.0.1:${(documents.address() as AddressInfo).port}${pathname}`, init)
      },
    })
  const id = (path: string) => `https://client.example${path}`
  const document = (path: string) => ({
    client_id: id(path),
    client_name: 'Documented',
    redirect_uris: ['http://localhost/callback'],
  })

  test('is known by what stands there, and not read again while it is fresh', async () => {
    answers.set('/fresh.json', {
      body: document('/fresh.json'),
      headers: { 'cache-control': 'max-age=3600' },
    })
    reads = 0
    for (let times = 0; times < 2; times++)
      expect(await clients().find(id('/fresh.json'))).toMatchObject({ name: 'Documented' })
    expect(reads).toBe(1)
  })

  test('is refused when the document is another’s, wants a secret, or is none', async () => {
    answers.set('/other.json', { body: document('/fresh.json') })
    answers.set('/secret.json', { body: { ...document('/secret.json'), token_endpoint_auth_method: 'client_secret_basic' } }) // prettier-ignore
    answers.set('/script.json', {
      body: { ...document('/script.json'), redirect_uris: ['javascript:alert(1)'] },
    })
    for (const path of ['/other.json', '/secret.json', '/script.json', '/none.json'])
      await expect(clients().find(id(path))).rejects.toMatchObject({ code: 'invalid_input' })
    for (const address of [
      'http://client.example/a',
      'https://client.example/',
      'https://me@client.example/a',
    ])
      await expect(clients().find(address)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('is read through the egress door, which goes to no private address', async () => {
    const { programs } = world.identity
    const query = { client_id: 'https://127.0.0.1/client.json' }
    await expect(programs.question(query, world.origins[0], 'en')).rejects.toMatchObject({
      code: 'egress_refused',
    })
  })
})

describe('where an answer may go', () => {
  test('is HTTPS, this machine, or a program’s own scheme', () => {
    for (const good of [
      'https://app.example/cb',
      'http://127.0.0.1:1/cb',
      'http://[::1]/cb',
      'cursor://oauth/callback',
    ])
      expect(isRedirectAddress(good), good).toBe(true)
    for (const bad of [
      'http://app.example/cb',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://a.example/#x',
      'https://me:pw@a.example/',
      'nonsense',
      'file:///etc/passwd',
    ])
      // prettier-ignore
      expect(isRedirectAddress(bad), bad).toBe(false)
  })

  test('is exactly what the client named, but for the port on this machine', () => {
    const known = ['http://127.0.0.1:1234/cb', 'https://app.example/cb']
    expect(isKnownRedirect(known, 'http://127.0.0.1:9/cb')).toBe(true)
    for (const other of [
      'http://127.0.0.1:9/other',
      'http://localhost:9/cb',
      'https://app.example:8443/cb',
      'https://app.example/cb?x=1',
      'https://app.example.evil.example/cb',
    ])
      // prettier-ignore
      expect(isKnownRedirect(known, other), other).toBe(false)
  })
})
