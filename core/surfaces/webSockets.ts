import type { WebsocketPluginOptions } from '@fastify/websocket'
import { chooseProtocol } from './stream/ticket.ts'

/** Bytes of the largest frame on any of our WebSockets; each address may take less. */
const largestFrame = 64 * 1024
/** Milliseconds that clients get to say goodbye when the process stops. */
const farewell = 2_000

/**
 * The ground that WebSockets stand on. Nothing is compressed: hints are small, and each compressor takes hundreds of
 * kilobytes. Whoever opens one closes it with its own word when the process stops; here is only the last one.
 */
export const webSockets: WebsocketPluginOptions = {
  options: { maxPayload: largestFrame, perMessageDeflate: false, handleProtocols: chooseProtocol },
  errorHandler: (error, socket, request) => {
    request.log.debug({ err: error }, 'a WebSocket failed')
    if (socket.readyState === socket.OPEN) socket.close(1011)
  },
  preClose(done) {
    const terminate = (): void => this.websocketServer.clients.forEach((client) => client.terminate())
    setTimeout(terminate, farewell).unref()
    done()
  },
}
