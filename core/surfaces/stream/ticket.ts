import type { FastifyRequest } from 'fastify'

/** What our WebSockets speak, and in front of a ticket: a browser can send nothing with one but names of protocols. */
export const protocol = 'tekup.live'
const ticketPrefix = 'ticket.'

/** The ticket of a request, which stands beside the protocol: in an address it would stand in logs. */
export function ticketOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const offered = headers['sec-websocket-protocol']
  const names = typeof offered === 'string' ? offered.split(',').map((name) => name.trim()) : []
  return names.find((name) => name.startsWith(ticketPrefix))?.slice(ticketPrefix.length)
}

/** Which of the protocols that a client offers is spoken: never the ticket, which is not to be said back. */
export const chooseProtocol = (offered: ReadonlySet<string>): string | false =>
  [...offered].find((name) => !name.startsWith(ticketPrefix)) ?? false
