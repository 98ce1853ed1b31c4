import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { now } from '../measure/clock.ts'
import { openaiProtocol } from '../../agents/testing/openaiProtocol.ts'
import { underLoad } from './underLoad.mjs'

/**
 * A model that speaks OpenAI's protocol and writes as many words as its last message asks for, at that pace. Every word
 * is the moment at which it was sent, and a chunk of the body (RFC 9112, section 7.1) that is put together here: a real
 * model takes nothing from our processors, and Node's own chunks take twice as much.
 */
const server = createServer(async (request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const asked = /(\d+) words, one every (\d+) ms/.exec(lastMessage(await text(request)))
  if (asked) write(response, Number(asked[1]), Number(asked[2]))
  else response.end(beginning + wordNow() + ending)
})
server.listen(0, '127.0.0.1', () =>
  underLoad((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections()
    server.close()
  }),
)

const place = '{moment}'
const frames = openaiProtocol
  .frames({ words: [place], used: { input: 100, cached: 0, output: 100, reasoning: 0 } })
  .map((frame) => `data: ${JSON.stringify(frame)}\n\n`)
const at = frames.findIndex((frame) => frame.includes(place))
const [before, after] = frames[at]!.split(place) as [string, string]
const beginning = frames.slice(0, at).join('')
const ending = frames.slice(at + 1).join('') + openaiProtocol.ending

const wordNow = (): string => `${before}${now().toString(36)} ${after}`

/** Of a text in ASCII, whose characters are its bytes. */
const chunkOf = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

function write(response: ServerResponse, words: number, every: number): void {
  let written = 0
  const next = (): void => {
    written++
    if (written === 1) response.write(beginning + wordNow())
    else if (written < words) response.socket?.write(chunkOf(wordNow()), 'latin1')
    else response.end(wordNow() + ending)
    if (written >= words) clearInterval(timer)
  }
  const timer = setInterval(next, every)
  response.once('close', () => clearInterval(timer))
  next()
}

function lastMessage(body: string): string {
  const { messages } = JSON.parse(body) as { messages: { role: string; content: unknown }[] }
  return JSON.stringify(messages.findLast(({ role }) => role === 'user')?.content)
}
