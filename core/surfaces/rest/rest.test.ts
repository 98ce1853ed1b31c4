import { randomUUID } from 'node:crypto'
import { Validator } from '@seriousme/openapi-schema-validator'
import fc from 'fast-check'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testCore, type TestCore } from '../../testing/core.ts'
import { restCaller, testServer } from '../../testing/server.ts'
import { shelf } from '../../testing/shelf/shelf.ts'

describe('the REST surface', () => {
  let world: TestCore
  let app: FastifyInstance
  let call: ReturnType<typeof restCaller>

  beforeAll(async () => {
    world = await testCore([shelf])
    app = await testServer(world)
    call = restCaller(app, randomUUID())
  })
  afterAll(async () => {
    await app.close()
    await world.close()
  })

  const add = async (title: string): Promise<{ id: string; version: number }> =>
    (await call('POST', '/shelf/books', { payload: { title } })).json()

  test('gives the standard verbs resourceful addresses and every other verb a POST', async () => {
    const { id } = await add('Gift')
    expect((await call('GET', `/shelf/books/${id}`)).json()).toMatchObject({ id, title: 'Gift' })
    expect((await call('PATCH', `/shelf/books/${id}`, { payload: { title: 'Havoc' } })).json()).toMatchObject({ title: 'Havoc' }) // prettier-ignore
    expect((await call('POST', `/shelf/books/${id}/mail`, { payload: { to: 'a@b.example' } })).json()).toEqual({ sent: true }) // prettier-ignore
    expect((await call('GET', '/shelf/books?limit=1')).json().items).toHaveLength(1)
  })

  test('answers every request with its id, and keeps one that was brought', async () => {
    const brought = await call('GET', '/shelf/books', { headers: { 'x-request-id': 'trace-0123456789' } })
    expect(brought.headers['x-request-id']).toBe('trace-0123456789')
    const forged = await call('GET', '/shelf/books', { headers: { 'x-request-id': 'two\u00a0words <b>' } })
    expect(forged.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('sends every error in one shape, in the language that was asked for', async () => {
    const refused = await call('GET', `/shelf/books/${randomUUID()}`, {
      headers: { 'accept-language': 'da-DK,en;q=0.5' },
    })
    expect(refused.statusCode).toBe(404)
    expect(refused.json()).toEqual({
      error: {
        code: 'not_found',
        message: 'Det findes ikke, eller du kan ikke se det. Kontrollér adressen eller id’et.',
        requestId: refused.headers['x-request-id'],
      },
    })
  })

  test('asks who calls before anything else', async () => {
    const refused = await app.inject({
      method: 'POST',
      url: '/api/v1/shelf/books',
      payload: '{',
      headers: {},
    })
    expect([refused.statusCode, refused.json().error.code]).not.toContain(200)
    const nobody = await app.inject('/api/v1/shelf/books?limit=wrong')
    expect([nobody.statusCode, nobody.json().error.code]).toEqual([401, 'unauthenticated'])
    expect(nobody.headers['www-authenticate']).toContain('Bearer')
  })

  test('says which methods an address takes', async () => {
    const refused = await call('DELETE', '/shelf/books')
    expect([refused.statusCode, refused.headers['allow']]).toEqual([405, 'GET, POST'])
    expect((await call('GET', '/shelf/nothing')).statusCode).toBe(404)
  })

  test('carries the version as an ETag and refuses a change that is based on an older one', async () => {
    const { id } = await add('Processen')
    const etag = (await call('GET', `/shelf/books/${id}`)).headers['etag'] as string
    const rename = (title: string) =>
      call('PATCH', `/shelf/books/${id}`, { payload: { title }, headers: { 'if-match': etag } })
    const first = await rename('Slottet')
    expect([first.statusCode, first.headers['etag']]).toEqual([200, '"2"'])
    expect((await rename('Amerika')).json().error.code).toBe('version_conflict')
    const nonsense = await call('PATCH', `/shelf/books/${id}`, {
      payload: { title: 'x' },
      headers: { 'if-match': 'one' },
    })
    expect(nonsense.statusCode).toBe(412)
  })

  test('takes a thing away only after a confirmation of exactly that', async () => {
    const { id } = await add('Dagbog')
    const asked = await call('DELETE', `/shelf/books/${id}`)
    expect([asked.statusCode, asked.json().error.code]).toEqual([428, 'confirmation_required'])
    const confirm = asked.json().error.details.confirm as string
    expect(
      (await call('DELETE', `/shelf/books/${id}`, { headers: { 'x-confirm': `${confirm}x` } })).statusCode,
    ).toBe(428)
    expect(
      (await call('DELETE', `/shelf/books/${id}`, { headers: { 'x-confirm': confirm } })).statusCode,
    ).toBe(200)
  })

  test('answers a repeated Idempotency-Key with the stored outcome', async () => {
    const post = () =>
      call('POST', '/shelf/books', {
        payload: { title: 'Faust' },
        headers: { 'idempotency-key': 'one-faust' },
      })
    const [first, second] = [await post(), await post()]
    expect(second.json()).toEqual(first.json())
    expect(second.headers['idempotency-replayed']).toBe('true')
  })

  test('tells what is left of the caller’s allowance', async () => {
    const { headers } = await call('GET', '/shelf/books')
    expect(Number(headers['ratelimit-limit'])).toBeGreaterThan(0)
    expect(Number(headers['ratelimit-remaining'])).toBeLessThan(Number(headers['ratelimit-limit']))
    expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0)
  })

  describe('hostile input', () => {
    test.each<[string, Omit<InjectOptions, 'method' | 'url'>, number]>([
      ['half a JSON', { payload: '{"title":', headers: { 'content-type': 'application/json' } }, 400],
      ['an array', { payload: [] }, 400],
      [
        'a prototype',
        { payload: '{"__proto__":{"title":"x"}}', headers: { 'content-type': 'application/json' } },
        400,
      ],
      [
        'a form',
        { payload: 'title=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        415,
      ],
      ['10 MB', { payload: { title: 'x'.repeat(10_000_000) } }, 413],
      ['deep JSON', { payload: `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, headers: { 'content-type': 'application/json' } }, 400], // prettier-ignore
      ['a NUL byte', { payload: { title: 'a\0' } }, 400],
      [
        'a lone surrogate',
        { payload: '{"title":"\\ud800"}', headers: { 'content-type': 'application/json' } },
        400,
      ],
      ['wrong types', { payload: { title: { x: 1 }, pages: [] } }, 400],
      ['a bad key', { payload: { title: 'x' }, headers: { 'idempotency-key': 'å'.repeat(300) } }, 400],
    ])('is refused with a sentence: %s', async (_, options, status) => {
      const refused = await call('POST', '/shelf/books', options)
      expect(refused.statusCode).toBe(status)
      expect(refused.json().error.message.length).toBeGreaterThan(10)
      expect(refused.body).not.toMatch(/\bat .*:\d+:\d+/)
    })

    test('never gets a 500, whatever is sent', async () => {
      const anything = fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.constant('null'),
        fc.constant('""'),
      )
      await fc.assert(
        fc.asyncProperty(anything, fc.string({ unit: 'grapheme' }), async (payload, id) => {
          const headers = { 'content-type': 'application/json' }
          const posted = await call('POST', '/shelf/books', { payload, headers })
          const patched = await call('PATCH', `/shelf/books/${encodeURIComponent(id)}`, { payload, headers })
          expect(posted.statusCode).toBeLessThan(500)
          expect(patched.statusCode).toBeLessThan(500)
        }),
        { numRuns: 150 },
      )
    })

    test('any Unicode title that is taken comes back as it was sent', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), async (text) => {
          const posted = await call('POST', '/shelf/books', { payload: { title: `${randomUUID()} ${text}` } })
          if (posted.statusCode !== 200) return expect(posted.json().error.code).toBe('invalid_input')
          expect(posted.json().title.slice(37)).toBe(text.trimEnd())
        }),
        { numRuns: 100 },
      )
    })
  })

  test('is described by an OpenAPI 3.1 document that validates', async () => {
    const document = (await app.inject('/api/v1/openapi.json')).json()
    const result = await new Validator().validate(document)
    expect(result.errors ?? []).toEqual([])
    expect(JSON.stringify(document)).not.toMatch(/"(refers|kind)":/)
    expect(document.openapi).toBe('3.1.0')
    expect(document.paths['/api/v1/shelf/books/{id}/mail'].post.operationId).toBe('shelf.books.mail')
  })

  test('has a page to browse it', async () => {
    const page = await app.inject({ url: '/api/docs/', headers: { accept: 'text/html' } })
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  })
})
