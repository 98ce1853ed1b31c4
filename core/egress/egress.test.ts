import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPublicAddress } from './address.ts'
import { createEgress, egressRules, readHosts, type Destination, type Egress } from './index.ts'

/** More than a socket takes at once. */
const long = Array.from({ length: 200_000 }, (_, place) => `line ${place}`).join('\n')
const words = Array.from({ length: 30 }, (_, place) => `word ${place} `)

async function writeWords(response: ServerResponse): Promise<void> {
  for (const word of words) {
    response.write(word)
    await sleep(5)
  }
}

let server: Server
let asked: string[]
let port: number
const opened: Egress[] = []

beforeAll(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/away') response.writeHead(302, { Location: 'http://169.254.169.254/' }).end()
    else if (request.url === '/large') response.end('x'.repeat(5_000))
    else if (request.url === '/long') response.end(long)
    else if (request.url === '/slow') response.write('begun')
    else if (request.url === '/words') void writeWords(response).then(() => response.end())
    else if (request.url === '/broken') void writeWords(response).then(() => response.destroy())
    else if (request.url === '/echo') {
      response.write(`${request.headers['content-length']} `)
      request.pipe(response)
    } else response.end('here')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()))
  server.closeAllConnections()
  server.close()
})

function egress(allow?: string, only?: 'true'): Egress {
  const made = createEgress(egressRules(allow, only))
  opened.push(made)
  return made
}

/** What became of a call: the text of the answer, or the code and the reason of the refusal. */
async function call(door: Egress, url: string, change: Partial<Destination> = {}): Promise<string> {
  const hosts = [new URL(url).hostname]
  try {
    const response = await door.fetchTo({ hosts, ...change })(url)
    return await response.text()
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { reason?: { en: string } } }
    return `${code ?? String(error)}: ${details?.reason?.en ?? ''}`
  }
}

describe('the one door outward', () => {
  test.each([
    'http://127.0.0.1',
    'https://localhost',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
    'http://2130706433',
    'http://0x7f.1',
    'http://10.0.0.8',
    'https://192.168.1.1',
    'https://169.254.169.254',
    'https://[fd00::1]',
    'https://[fe80::1]',
    'https://[64:ff9b::7f00:1]',
    'https://100.64.0.1',
  ])('%s is not on the open Internet, so it is refused before a byte is sent', async (address) => {
    // prettier-ignore
    asked.length = 0
    const url = new URL(address)
    url.port = String(port)
    expect(await call(egress(), url.href)).toMatch(/^egress_refused: the address is not on the open Internet/)
    expect(asked).toEqual([])
  })

  test('a host that the operator names is reached, at the port that was named', async () => {
    const url = `http://127.0.0.1:${port}/`
    expect(await call(egress(`127.0.0.1:${port}`), url)).toBe('here')
    expect(await call(egress('127.0.0.1, ollama.internal'), url)).toBe('here')
    expect(await call(egress('127.0.0.1:1'), url)).toMatch(/^egress_refused/)
    expect(await call(egress('localhost'), url)).toMatch(/^egress_refused/)
  })

  test('the operator’s own settings may name any host; what a tenant wrote may not', async () => {
    const url = `http://127.0.0.1:${port}/`
    expect(await call(egress(), url, { namedByOperator: true })).toBe('here')
    expect(await call(egress(), url)).toMatch(/^egress_refused/)
  })

  test('another host than the one that was chosen is refused', async () => {
    expect(
      await call(egress('127.0.0.1'), `http://127.0.0.1:${port}/`, { hosts: ['api.openai.com'] }),
    ).toMatch(/^egress_refused: it is not the host/)
  })

  test('a redirect is not followed', async () => {
    expect(await call(egress('127.0.0.1'), `http://127.0.0.1:${port}/away`)).toMatch(
      /^egress_refused: the host points/,
    )
  })

  test('an answer that is too large or too slow is cut off', async () => {
    const door = egress('127.0.0.1')
    expect(await call(door, `http://127.0.0.1:${port}/large`, { mostBytes: 4_000 })).toMatch(/too large/)
    expect((await call(door, `http://127.0.0.1:${port}/large`, { mostBytes: 5_000 })).length).toBe(5_000)
    expect(await call(door, `http://127.0.0.1:${port}/slow`, { within: 200 })).toMatch(/took too long/)
  })

  test('a long answer is read whole by whoever takes their time, and waits for them meanwhile', async () => {
    const door = egress('127.0.0.1').fetchTo({ hosts: ['127.0.0.1'] })
    const { body } = await door(`http://127.0.0.1:${port}/long`)
    const pieces: Uint8Array[] = []
    for await (const piece of body!) {
      pieces.push(piece)
      await setImmediate()
    }
    expect(Buffer.concat(pieces).toString()).toBe(long)
    expect(pieces.every(({ byteLength }) => byteLength > 0)).toBe(true)
  })

  test('of many answers that are written at once each is whole, and one that breaks off says so', async () => {
    const go = egress('127.0.0.1').fetchTo({ hosts: ['127.0.0.1'], together: 80 })
    const read = async (path: string): Promise<string> =>
      (await go(`http://127.0.0.1:${port}${path}`)).text().catch((error: Error) => error.message)
    for (let time = 0; time < 2; time++) {
      const read40 = Array.from({ length: 40 }, (_, index) => read(index % 4 === 3 ? '/broken' : '/words'))
      const answers = await Promise.all(read40)
      expect(new Set(answers.filter((_, index) => index % 4 !== 3))).toEqual(new Set([words.join('')]))
      expect(new Set(answers.filter((_, index) => index % 4 === 3))).toEqual(new Set(['terminated']))
    }
  })

  test('whoever leaves, before the call or in the middle of the answer, gets their own reason', async () => {
    const go = egress('127.0.0.1').fetchTo({ hosts: ['127.0.0.1'] })
    const before = go(`http://127.0.0.1:${port}/`, { signal: AbortSignal.abort(new Error('left before')) })
    await expect(before).rejects.toThrow('left before')
    const leaving = new AbortController()
    const response = await go(`http://127.0.0.1:${port}/slow`, { signal: leaving.signal })
    leaving.abort(new Error('left midway'))
    await expect(response.text()).rejects.toThrow('left midway')
  })

  test('what is sent arrives as it was, and says its length', async () => {
    const go = egress('127.0.0.1').fetchTo({ hosts: ['127.0.0.1'] })
    const response = await go(`http://127.0.0.1:${port}/echo`, { method: 'POST', body: 'blåbær' })
    expect(await response.text()).toBe('8 blåbær')
  })

  test('neither plain HTTP, nor other schemes, nor names and passwords go out', async () => {
    expect(await call(egress(), 'http://93.184.215.14/')).toMatch(/not encrypted/)
    expect(await call(egress(), 'file:///etc/passwd')).toMatch(/only http and https/)
    expect(await call(egress('127.0.0.1'), `http://me:secret@127.0.0.1:${port}/`)).toMatch(
      /name and a password/,
    )
  })

  test('an installation can be closed to all but the named hosts', async () => {
    const door = egress('127.0.0.1', 'true')
    expect(await call(door, `http://127.0.0.1:${port}/`)).toBe('here')
    expect(await call(door, 'https://api.openai.com/v1')).toMatch(/opened for certain hosts only/)
  })
})

test.each([
  ['8.8.8.8', true], ['2606:4700::1111', true], ['127.0.0.1', false], ['172.16.0.1', false], ['198.18.0.1', false],
  ['224.0.0.1', false], ['255.255.255.255', false], ['::', false], ['2001:db8::1', false], ['2002:7f00:1::', false],
  ['not an address', false],
])('%s is public: %s', (address, expected) => expect(isPublicAddress(address)).toBe(expected)) // prettier-ignore

test.each([
  ['localhost:11434, ollama.internal', 2], ['[::1]:8000', 1], ['https://host', undefined], ['a,,b', undefined], ['me@host', undefined],
])('hosts are read from “%s”', (text, count) => expect(readHosts(text)?.length).toBe(count)) // prettier-ignore
