import cookie from '@fastify/cookie'
import { fastify, type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installErrors } from '../surfaces/errors.ts'
import { authPaths, MeAnswer, SignedInAnswer } from './documentation.ts'
import { incomingOf, registerAuthRoutes } from './routes.ts'
import { openWorld, password, type World } from './testWorld.ts'

const host = 'tekup.example'
const ownPage = { host, origin: `https://${host}`, 'x-csrf': '1', 'x-forwarded-proto': 'https' }

describe('the sign-in addresses', () => {
  let world: World
  let app: FastifyInstance
  const registered: string[] = []
  beforeAll(async () => {
    world = await openWorld()
    app = fastify({ trustProxy: true })
    installErrors(app)
    await app.register(cookie)
    app.addHook('onRoute', ({ method, url }) => void registered.push(`${String(method)} ${url}`))
    registerAuthRoutes(app, world.identity)
    app.post('/api/v1/work', async (request) => (await world.identity.authenticate(incomingOf(request))).role)
    await app.ready()
  })
  afterAll(async () => {
    await app.close()
    await world.close()
  })

  type Headers = Record<string, string>
  const post = (path: string, payload: object, headers: Headers = {}, cookies: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers, cookies })
  const me = (headers: Headers, cookies: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url: '/api/v1/auth/me', headers, cookies })
  const login = { email: 'mikkel@nordlys.example', password }
  const code = (response: { json(): unknown }) => (response.json() as { error: { code: string } }).error.code
  const browser = async () => {
    const response = await post('/auth/login', { ...login, transport: 'cookie' }, ownPage)
    const cookies = Object.fromEntries(response.cookies.map(({ name, value }) => [name, value]))
    return { response, cookies }
  }

  test('give a program its tokens', async () => {
    const response = await post('/auth/login', login)
    expect(response.statusCode).toBe(200)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
    const { accessToken, refreshToken, expiresIn } = response.json() as Record<string, string>
    expect(expiresIn).toBe(900)
    const { rows } = await world.admin.query(
      `SELECT request_id FROM platform.audit WHERE operation = 'platform.sessions.create'`,
    )
    expect(rows).toEqual([{ request_id: 'req-1' }])
    const mine = await me({ authorization: `Bearer ${accessToken}` })
    expect(mine.json()).toMatchObject({
      person: { id: world.mikkel, name: 'Mikkel Brandt', email: 'mikkel@nordlys.example', locale: 'da' },
      tenant: { id: world.nordlys, name: 'Nordlys Rengøring ApS' },
      tenants: [{ id: world.nordlys, name: 'Nordlys Rengøring ApS', role: 'employee' }],
      role: 'employee',
      permissions: expect.arrayContaining(['shelf.books:write']),
    })
    const refreshed = await post('/auth/refresh', { refreshToken })
    expect(refreshed.json()).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
    })
    const gone = await post('/auth/logout', {}, { authorization: `Bearer ${accessToken}` })
    expect(gone.statusCode).toBe(204)
    expect((await me({ authorization: `Bearer ${accessToken}` })).statusCode).toBe(401)
  })

  test('are documented, each of them, with what they answer', async () => {
    const documented = Object.entries(authPaths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(documented.toSorted()).toEqual(
      registered.filter((route) => / \/api\/v1\/auth/.test(route) && !route.startsWith('HEAD')).toSorted(),
    )
    const signedIn = (await post('/auth/login', login)).json()
    const mine = (await me({ authorization: `Bearer ${signedIn.accessToken}` })).json()
    expect(SignedInAnswer.parse(signedIn)).toEqual(signedIn)
    expect(MeAnswer.parse(mine)).toEqual(mine)
  })

  test('give a browser cookies that no script can read, and no token', async () => {
    const { response } = await browser()
    expect(Object.keys(response.json() as object).toSorted()).toEqual(['expiresIn', 'person', 'tenant'])
    const [access, refresh] = [response.headers['set-cookie']].flat() as [string, string]
    expect(access).toMatch(/^tekup_access=.*; Path=\/; HttpOnly; Secure; SameSite=Lax/)
    expect(refresh).toMatch(/^tekup_refresh=.*; Path=\/api\/v1\/auth; HttpOnly; Secure; SameSite=Strict/)
  })

  test('take a browser’s unsafe call from our own page alone', async () => {
    const { cookies } = await browser()
    const work = (headers: Headers) => post('/work', {}, { host, ...headers }, cookies)
    expect((await work({ 'x-csrf': '1' })).payload).toBe('employee')
    expect((await work({ 'x-csrf': '1', origin: `https://${host}` })).payload).toBe('employee')
    for (const headers of [
      {},
      { 'x-csrf': '0' },
      { 'x-csrf': '1', origin: 'https://evil.example' },
      { 'x-csrf': '1', origin: 'null' },
      { 'x-csrf': '1', origin: `https://${host}.evil.example` },
    ]) {
      const response = await work(headers)
      expect([response.statusCode, code(response)]).toEqual([403, 'csrf'])
    }
    expect((await me({ host }, cookies)).statusCode).toBe(200)
  })

  test('need nothing of that from a program, which has to show its token', async () => {
    const { accessToken } = (await post('/auth/login', login)).json() as { accessToken: string }
    const response = await post(
      '/work',
      {},
      { authorization: `Bearer ${accessToken}`, origin: 'https://elsewhere.example' },
    )
    expect(response.payload).toBe('employee')
  })

  test('refresh and sign out a browser, cookies and all', async () => {
    const { cookies } = await browser()
    expect(code(await post('/auth/refresh', {}, { host }, cookies))).toBe('csrf')
    const refreshed = await post('/auth/refresh', {}, ownPage, cookies)
    expect(refreshed.cookies.map(({ name }) => name)).toEqual(['tekup_access', 'tekup_refresh'])
    expect(code(await post('/auth/logout', {}, { host }, cookies))).toBe('csrf')
    const left = await post('/auth/logout', {}, ownPage, { tekup_refresh: refreshed.cookies[1]!.value })
    expect(left.statusCode).toBe(204)
    expect(left.cookies.every(({ value }) => value === '')).toBe(true)
    const fresh = Object.fromEntries(refreshed.cookies.map(({ name, value }) => [name, value]))
    expect((await me({ host }, fresh)).statusCode).toBe(401)
    expect((await post('/auth/refresh', {}, ownPage, fresh)).statusCode).toBe(401)
  })

  test('tell an expired token from no token', async () => {
    const { cookies } = await browser()
    world.pass(901)
    expect(code(await me({ host }, cookies))).toBe('token_expired')
    expect((await post('/auth/refresh', {}, ownPage, cookies)).statusCode).toBe(200)
    expect(code(await me({ host }))).toBe('unauthenticated')
  })

  test('switch to another company of the person', async () => {
    const { accessToken } = (
      await post('/auth/login', { ...login, email: 'anna@nordlys.example' })
    ).json() as { accessToken: string }
    const authorization = `Bearer ${accessToken}`
    const switched = await post('/auth/switch', { tenant: world.fjord }, { authorization })
    const token = (switched.json() as { accessToken: string }).accessToken
    const mine = (await me({ authorization: `Bearer ${token}` })).json()
    expect(mine).toMatchObject({ tenant: { id: world.fjord }, role: 'employee' })
    expect((await post('/auth/switch', { tenant: world.mikkel }, { authorization })).statusCode).toBe(404)
  })

  test('accept an invitation', async () => {
    const anna = await world.identity.accessOf(world.nordlys, world.anna)
    const { token } = (await world.run('platform.invitations.create', anna, {
      email: 'ny@nordlys.example',
    })) as { token: string }
    const response = await post('/auth/accept', {
      token,
      name: 'Ny Kollega',
      password: 'Et langt nyt kodeord',
    })
    expect(response.json()).toMatchObject({
      person: { name: 'Ny Kollega' },
      tenant: { id: world.nordlys },
      refreshToken: expect.any(String),
    })
    expect(
      (await post('/auth/accept', { token, name: 'Ny Kollega', password: 'Et langt nyt kodeord' }))
        .statusCode,
    ).toBe(404)
  })

  test('answer bad input with a sentence that says what to do, never with a 500', async () => {
    const bodies: unknown[] = [
      {}, { email: 'x' }, { email: 1, password: 2 }, [], 'text', null, { ...login, extra: true }, { ...login, transport: 'pigeon' },
      { email: 'a\0b@x.example', password: 'x' }, { email: '\ud800', password: 'x' }, { email: 'x'.repeat(10_000), password: 'x' },
      { email: 'x@x.example', password: 'x'.repeat(100_000) }, { token: '\0', name: 'x', password: 'y' }, { refreshToken: ['x'] }, { tenant: 'x' },
    ] // prettier-ignore
    for (const path of ['login', 'refresh', 'logout', 'switch', 'accept']) {
      for (const body of bodies) {
        const response = await app.inject({
          method: 'POST',
          url: `/api/v1/auth/${path}`,
          headers: { 'content-type': 'application/json', 'accept-language': 'en' },
          payload: JSON.stringify(body),
        })
        expect(
          response.statusCode,
          `${path} ${JSON.stringify(body).slice(0, 80)} ${response.payload}`,
        ).toBeLessThan(500)
        expect(response.statusCode === 204 || response.payload.includes('"message":"')).toBe(true)
      }
    }
  })

  test('say in seconds when too many attempts may go on', async () => {
    const guess = () =>
      post('/auth/login', { email: 'rikke@nordlys.example', password: 'guess' }, { 'accept-language': 'en' })
    for (let n = 0; n < 5; n++) expect((await guess()).statusCode).toBe(401)
    const refused = await guess()
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1'])
    expect(refused.payload).toContain('Try again in 1 second.')
  })
})
