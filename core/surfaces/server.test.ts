import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testCore, type TestCore } from '../testing/core.ts'
import { testServer } from '../testing/server.ts'

let world: TestCore
let app: FastifyInstance

beforeAll(async () => {
  world = await testCore([])
  app = await testServer(world)
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app.close()
  await world.close()
})

const portOf = ({ server }: FastifyInstance): number => (server.address() as { port: number }).port
const largeBody = JSON.stringify({ text: 'x'.repeat(10_000_000) })

interface Answer {
  readonly status: number
  readonly head: string
  readonly body: { readonly error: { readonly code: string; readonly requestId: string } }
}

/** What is answered to these bytes on a connection of their own. */
async function answerTo(...sent: string[]): Promise<Answer> {
  const socket = connect(portOf(app), '127.0.0.1')
  await once(socket, 'connect')
  for (const bytes of sent) socket.write(bytes)
  const [head, body] = (await text(socket)).split('\r\n\r\n') as [string, string]
  return {
    status: Number(head.split(' ')[1]),
    head: head.toLowerCase(),
    body: JSON.parse(body) as Answer['body'],
  }
}

const get = (path: string, ...headers: string[]): string =>
  ['GET', path, 'HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'].join(' ') +
  headers.map((line) => `${line}\r\n`).join('') +
  '\r\n'

describe('what no route is chosen for is refused in the one error shape', () => {
  test.each([
    ['an address that is no address', get('/api/v1/%zz'), 404, 'not_found'],
    ['an id of 5,000 letters', get(`/api/v1/platform/people/${'a'.repeat(5_000)}`), 404, 'not_found'],
    ['headers of 20 kB', get('/', `X-Long: ${'a'.repeat(20_000)}`), 431, 'headers_too_large'],
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'malformed_request'],
    ['a NUL in a header', get('/', 'X-Nul: \0'), 400, 'malformed_request'],
  ])('%s', async (_, sent, status, code) => {
    const answer = await answerTo(sent)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
    expect(answer.head).toContain(`x-request-id: ${answer.body.error.requestId}`)
  })

  test('a body of 10 MB, however fast it is sent', async () => {
    const head = `POST /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${largeBody.length}\r\n\r\n`
    const answer = await answerTo(head, largeBody)
    expect([answer.status, answer.body.error.code]).toEqual([413, 'too_large'])
  })

  test('a call that was half sent when the server began to stop', async () => {
    const stopping = await testServer(world)
    await stopping.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect(portOf(stopping), '127.0.0.1').setEncoding('utf8')
    const call = 'GET /health HTTP/1.1\r\nHost: x\r\n'
    socket.write(`${call}\r\n${call}`)
    await once(socket, 'data')
    const stopped = stopping.close()
    while (stopping.server.listening) await new Promise(setImmediate)
    socket.write('\r\n')
    const [head, body] = (await text(socket)).split('\r\n\r\n') as [string, string]
    expect([head.split(' ')[1], JSON.parse(body).error.code]).toEqual(['503', 'unavailable'])
    await stopped
  })
})

test('a type without a body is no broken body', async () => {
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'DELETE', url: '/nothing', headers })
  expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not_found'])
})

test.each([
  ['half a JSON', 'application/json', '{'],
  ['JSON whose keys would change prototypes', 'application/json', '{"__proto__": {}}'],
  ['a page', 'application/xml', '<a/>'],
])('an address that nothing answers is not found, whatever is sent to it: %s', async (_, type, payload) => {
  const headers = { 'content-type': type }
  const answer = await app.inject({ method: 'POST', url: '/api/v1/nothing', headers, payload })
  expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not_found'])
  const wrong = await app.inject({ method: 'PUT', url: '/api/v1/platform/people', headers, payload })
  expect([wrong.statusCode, wrong.json().error.code]).toEqual([405, 'method_not_allowed'])
})
