import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fail } from '../../errors.ts'
import type { Caller } from '../../operations/caller.ts'
import { fileInput } from '../../operations/file.ts'
import { operation } from '../../operations/operation.ts'
import { plugin } from '../../operations/plugin.ts'
import { testCore, type TestCore } from '../../testing/core.ts'
import { testServer } from '../../testing/server.ts'
import type { ErrorBody } from '../errors.ts'
import { createServer } from '../server.ts'

const weighLetter = operation({
  name: 'office.letters.weigh',
  summary: 'Weigh a letter',
  effect: 'write',
  input: z.strictObject({ letter: fileInput(), by: z.string().optional() }),
  output: z.object({ name: z.string(), bytes: z.int(), by: z.string().optional() }),
  run: async ({ letter: { name, size }, by }) => ({ name, bytes: size, by }),
})

const words = { title: 'A', doing: 'A', done: 'A.', phrases: ['a', 'b', 'c'] }
const locale = { 'office.letters.weigh': words }
const office = plugin({
  name: 'office',
  version: '1.0.0',
  operations: [weighLetter],
  locales: { da: locale, en: locale },
})

const perMinute = 5

describe('a file over REST', () => {
  let world: TestCore
  let app: FastifyInstance
  let listening: FastifyInstance
  let whoCalls: () => Promise<Caller>

  beforeAll(async () => {
    world = await testCore([office], { RATE_LIMIT_PER_MINUTE: String(perMinute) })
    app = await testServer(world)
    listening = await createServer({
      core: world.core,
      readiness: { reasons: async () => [] },
      authenticate: () => whoCalls(),
    })
    await listening.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await listening.close()
    await app.close()
    await world.close()
  })

  const send = (type: string, payload: string, query = '') =>
    app.inject({
      method: 'POST',
      url: `/api/v1/office/letters/weigh${query}`,
      headers: { authorization: `Tenant ${randomUUID()}`, 'content-type': type },
      payload,
    })
  const part = (head: string, body: string) =>
    `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`
  const letter = part('name="letter"; filename="a.txt"', 'dear you')

  test('comes as a part of a form, beside other fields', async () => {
    const form = `${part('name="by"', 'Anna')}${letter}--x--\r\n`
    const answer = await send('multipart/form-data; boundary=x', form)
    expect(answer.json()).toEqual({ name: 'a.txt', bytes: 8, by: 'Anna' })
  })

  test('comes as the body itself, with its name and other fields in the query', async () => {
    const answer = await send('text/csv', 'a;b', '?fileName=list.csv&by=Anna')
    expect(answer.json()).toEqual({ name: 'list.csv', bytes: 3, by: 'Anna' })
  })

  test.each([
    ['has no boundary', 'multipart/form-data', letter],
    ['ends half way', 'multipart/form-data; boundary=x', letter.slice(0, -4)],
    ['holds two files', 'multipart/form-data; boundary=x', `${letter}${letter}--x--\r\n`],
  ])('is refused with a sentence when the form %s', async (_, type, payload) => {
    const refused = await send(type, payload)
    expect([refused.statusCode, refused.json().error.code]).toEqual([400, 'malformed_upload'])
  })

  /** The answer's code when of 50 MB only the first bytes are sent, and the rest only once there is an answer. */
  const codeAfterFirstBytes = async (type: string): Promise<string> => {
    const { port } = listening.server.address() as AddressInfo
    const headers = { 'content-type': type, 'content-length': 50_000_000 }
    const sending = request({ port, path: '/api/v1/office/letters/weigh', method: 'POST', headers })
    sending.write(letter)
    const [answer] = (await once(sending, 'response')) as [IncomingMessage]
    sending.on('error', () => undefined).destroy()
    return ((await json(answer)) as ErrorBody).error.code
  }
  const anybody = (): Caller => world.callerOf(randomUUID())
  const spent = async (): Promise<Caller> => {
    const caller = anybody()
    for (let calls = 0; calls < perMinute; calls++) await world.core.limits.take(caller)
    return caller
  }

  test.each([
    ['may only read', 'forbidden', async () => ({ ...anybody(), permissions: new Set<string>() })],
    ['is nobody', 'unauthenticated', async () => fail('unauthenticated')],
    ['has used up their calls', 'rate_limited', spent],
  ])('is refused before its bytes are waited for when who sends it %s', async (_, code, caller) => {
    whoCalls = caller
    expect(await codeAfterFirstBytes('text/csv')).toBe(code)
    expect(await codeAfterFirstBytes('multipart/form-data; boundary=x')).toBe(code)
  })
})
