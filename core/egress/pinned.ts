import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns'
import type { Socket } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isPublicAddress } from './address.ts'
import { egressRefused } from './refusals.ts'

type Answered = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/**
 * Connections whose name is resolved once, checked, and dialled at the very address that was checked: a name that
 * answers differently the next time (DNS rebinding) changes nothing. One private address among several refuses all.
 */
export const publicConnections = (opened?: Opened): Agent => connections(resolvePublic, opened)

/** Connections to hosts that the operator has named: any address will do. */
export const namedConnections = (opened?: Opened): Agent => connections(resolve as never, opened)

/** Told of every socket when it is connected. */
type Opened = (socket: Socket) => void

/** Milliseconds for a connection to be made; what a call may take in all is the caller's. */
const connectWithin = 10_000
/** Connections to one host: every answer that is being written has its own. */
const mostConnections = 1_024

function connections(lookup: typeof resolvePublic, opened: Opened = () => undefined): Agent {
  const connect = buildConnector({ lookup: lookup as never, timeout: connectWithin })
  return new Agent({
    connect: (options, connected) =>
      connect(options, (...result) => {
        const [, socket] = result
        if (socket) opened(socket)
        connected(...result)
      }),
    connections: mostConnections,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

function resolvePublic(hostname: string, options: LookupOptions, answered: Answered): void {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error) return answered(error, [])
    if (!found.every(({ address }) => isPublicAddress(address)))
      return answered(egressRefused(hostname, 'private'), [])
    if (options.all) return answered(null, found)
    const [first] = found
    answered(null, first?.address ?? '', first?.family ?? 4)
  })
}
