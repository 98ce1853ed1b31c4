import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { underLoad } from './underLoad.mjs'

/** `ws` alone on Node's own server: whatever is posted is sent to everybody. */
const server = createServer(async (request, response) => {
  const text = await textOf(request)
  for (const client of sockets.clients) client.send(text)
  response.end('{}')
})
const sockets = new WebSocketServer({ server })
sockets.on('connection', (socket) => socket.on('message', () => socket.send('{"type":"subscribed"}')))

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
underLoad((server.address() as AddressInfo).port, async () => {
  for (const client of sockets.clients) client.terminate()
  server.close()
})
