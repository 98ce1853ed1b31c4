import {
  auth,
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
} from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectProgram, consent, fetchToken, register } from '../../surfaces/mcp/connectProgram.fixture.ts'
import { connect, openMcp, post, initializing, type McpWorld } from '../../surfaces/mcp/testWorld.ts'
import type { TokenAnswer } from './grants.ts'

let world: McpWorld
beforeAll(async () => {
  world = await openMcp()
})
afterAll(() => world.close())

const everything = ['read', 'write', 'send', 'destroy'] as const
const bearer = ({ access_token }: { access_token: string }) => ({ authorization: `Bearer ${access_token}` })

describe('the official client, given nothing but the address', () => {
  test('finds where to ask, registers, is sent to the person, and comes back connected', async () => {
    const [origin] = world.origins
    const kept: Record<string, unknown> = {}
    const provider: OAuthClientProvider = {
      redirectUrl: 'http://127.0.0.1:8123/callback',
      clientMetadata: { client_name: 'Official', redirect_uris: ['http://127.0.0.1:8123/callback'] },
      state: () => 'the-state',
      clientInformation: () => kept['client'] as never,
      saveClientInformation: (client) => void (kept['client'] = client),
      tokens: () => kept['tokens'] as never,
      saveTokens: (tokens) => void (kept['tokens'] = tokens),
      redirectToAuthorization: (address) => void (kept['page'] = address),
      saveCodeVerifier: (verifier) => void (kept['verifier'] = verifier),
      codeVerifier: () => kept['verifier'] as string,
    }
    const transport = () =>
      new StreamableHTTPClientTransport(new URL('/mcp', origin), { authProvider: provider })
    const client = () => new Client({ name: 'official', version: '1' })
    await expect(client().connect(transport())).rejects.toThrow(UnauthorizedError)

    const page = kept['page'] as URL
    expect(page.pathname).toBe('/connect')
    const callback = await sayYes(Object.fromEntries(page.searchParams))
    expect(callback.searchParams.get('state')).toBe('the-state')
    expect(callback.searchParams.get('iss')).toBe(origin)
    const authorizationCode = callback.searchParams.get('code') as string
    const iss = callback.searchParams.get('iss') as string
    expect(await auth(provider, { serverUrl: `${origin}/mcp`, authorizationCode, iss })).toBe('AUTHORIZED')

    const connected = client()
    await connected.connect(transport())
    const { tools } = await connected.listTools()
    expect(tools.length).toBeGreaterThan(5)
  })
})

/** What the page does: asks what it is about, and connects when Anna says yes. */
async function sayYes(query: Record<string, string>): Promise<URL> {
  const { accessToken } = await signIn()
  const asked = await fetch(new URL('/api/v1/auth/authorization', world.origins[0]), {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(query),
  })
  const question = (await asked.json()) as { client: { name: string }; scopes: string[]; request: object }
  expect(question).toMatchObject({ client: { name: 'Official', vouchedBy: null }, onThisMachine: true })
  const { redirect } = await world.run<{ redirect: string }>('platform.connections.create', {
    ...question.request,
    scopes: question.scopes,
  })
  return new URL(redirect)
}

const signIn = async () =>
  (await (
    await fetch(new URL('/api/v1/auth/login', world.origins[0]), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'anna@nordlys.example', password: 'Regnbue over Nordhavn' }),
    })
  ).json()) as { accessToken: string }

describe('a connection', () => {
  test('does what its person let it do and may do themselves', async () => {
    const readers = await connectProgram(world, ['read'])
    const client = await connect({
      origin: world.origins[0],
      headers: bearer(readers),
      revision: '2026-07-28',
    })
    const { tools } = await client.listTools()
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true)
  })

  test('is for /mcp alone, at the address that it was made for', async () => {
    const connected = await connectProgram(world, everything)
    const [first, second] = world.origins
    expect((await post(first, initializing(), bearer(connected))).status).toBe(200)
    // Another address is another resource, whoever answers there.
    expect((await post(second, initializing(), bearer(connected))).status).toBe(401)
    const rest = await fetch(new URL('/api/v1/shelf/books', first), { headers: bearer(connected) })
    expect(rest.status).toBe(401)
  })

  test('ends for every token of its when its person ends it', async () => {
    const connected = await connectProgram(world, everything)
    const { items } = await world.run<{ items: { id: string; clientId: string }[] }>(
      'platform.connections.list',
    )
    const { id } = items.find(({ clientId }) => clientId === connected.clientId)!
    await world.run('platform.connections.delete', { id })
    expect((await post(world.origins[0], initializing(), bearer(connected))).status).toBe(401)
    expect((await refreshed(connected)).status).toBe(400)
  })

  test('ends when the program gives its token back', async () => {
    const connected = await connectProgram(world, everything)
    const body = new URLSearchParams({ token: connected.refresh_token })
    const revoked = await fetch(new URL('/oauth/revoke', world.origins[0]), { method: 'POST', body })
    expect(revoked.status).toBe(200)
    expect((await post(world.origins[0], initializing(), bearer(connected))).status).toBe(401)
  })

  test('is shown to nobody but its person', async () => {
    const { core, nordlys, identity } = world
    const { rows } = await world.admin.query<{ id: string }>(
      `SELECT p.id FROM platform.people p WHERE p.email = 'mikkel@nordlys.example'`,
    )
    const mikkel = await identity.accessOf(nordlys.caller.tenant.id, rows[0]!.id)
    const list = core.registry.find('platform.connections.list')!
    const { items } = (await core.invoke(list, {}, { ...nordlys.caller, ...mikkel })).value as {
      items: unknown[]
    }
    expect(items).toEqual([])
  })
})

const answerOf = async (response: Response): Promise<TokenAnswer> => (await response.json()) as TokenAnswer

const refreshed = ({ clientId, refresh_token }: { clientId: string; refresh_token: string }) =>
  fetchToken(world, { grant_type: 'refresh_token', client_id: clientId, refresh_token })

describe('a refresh token', () => {
  test('is used once, and gets the same successor when the answer was lost', async () => {
    const connected = await connectProgram(world, everything)
    const answers = [
      await answerOf(await refreshed(connected)),
      await answerOf(await refreshed(connected)),
    ] as const
    expect(answers[0].refresh_token).toBe(answers[1].refresh_token)
    expect(answers[0].refresh_token).not.toBe(connected.refresh_token)
    expect((await post(world.origins[0], initializing(), bearer(answers[0]))).status).toBe(200)
  })

  test('that is replayed after its successor was used ends the connection', async () => {
    const connected = await connectProgram(world, everything)
    const next = await answerOf(await refreshed(connected))
    const after = await answerOf(await refreshed({ ...connected, ...next }))
    expect(await (await refreshed(connected)).json()).toMatchObject({ error: 'invalid_grant' })
    expect((await post(world.origins[0], initializing(), bearer(after))).status).toBe(401)
  })

  test('of another client is refused', async () => {
    const connected = await connectProgram(world, everything)
    const thief = await register(world)
    expect((await refreshed({ ...connected, clientId: thief.clientId })).status).toBe(400)
  })
})

describe('a code', () => {
  const exchange = (
    asking: { clientId: string; verifier: string; redirect: string },
    code: string,
    change = {},
  ) =>
    fetchToken(world, {
      grant_type: 'authorization_code',
      client_id: asking.clientId,
      code,
      redirect_uri: asking.redirect,
      code_verifier: asking.verifier,
      ...change,
    })

  test('is nothing without its verifier, its address and its client', async () => {
    for (const change of [
      { code_verifier: 'x'.repeat(43) },
      { redirect_uri: 'http://127.0.0.1:8123/other' },
      { client_id: (await register(world)).clientId },
      { code: 'code_unknown' },
    ]) {
      const asking = await register(world)
      const response = await exchange(asking, await consent(world, asking, everything), change)
      expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_grant' }])
    }
    const asking = await register(world)
    const other = await exchange(asking, await consent(world, asking, everything), {
      resource: 'https://else.example/mcp',
    })
    expect(await other.json()).toMatchObject({ error: 'invalid_target' })
  })

  test('that is used twice ends what its first use began', async () => {
    const connected = await connectProgram(world, everything)
    expect((await exchange(connected, connected.code)).status).toBe(400)
    expect((await post(world.origins[0], initializing(), bearer(connected))).status).toBe(401)
  })
})

describe('the question to the person', () => {
  const ask = async (change: Record<string, string | undefined>) => {
    const { clientId, redirect } = await register(world)
    const query = {
      client_id: clientId,
      redirect_uri: redirect,
      response_type: 'code',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
      state: 's',
      resource: `${world.origins[0]}/mcp`,
      ...change,
    }
    const { accessToken } = await signIn()
    return fetch(new URL('/api/v1/auth/authorization', world.origins[0]), {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(query),
    })
  }

  test('is put to nobody, and answered to nowhere, for a client or an address that nobody knows', async () => {
    expect((await ask({ client_id: 'nobody' })).status).toBe(404)
    expect((await ask({ redirect_uri: 'https://evil.example/callback' })).status).toBe(400)
    expect((await ask({ redirect_uri: 'javascript:alert(1)' })).status).toBe(400)
  })

  test('goes back to the program with an error where the program is wrong', async () => {
    const errors = [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ code_challenge: undefined }, 'invalid_request'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ resource: 'https://else.example/mcp' }, 'invalid_target'],
    ] as const
    for (const [change, error] of errors) {
      const { redirect } = (await (await ask(change)).json()) as { redirect: string }
      const { searchParams } = new URL(redirect)
      expect([searchParams.get('error'), searchParams.get('state')]).toEqual([error, 's'])
    }
  })
})
