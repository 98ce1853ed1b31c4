import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Core } from '../../core.ts'
import { fail } from '../../errors.ts'
import { bearerOf, incomingOf, type Bearer, type Identity } from '../../identity/index.ts'
import { localeFrom, type Locale } from '../../language.ts'
import { parseInput } from '../../operations/input.ts'
import { callerOf } from '../rest/caller.ts'
import { sendLiveEvents } from './events.ts'
import { StreamQuery } from './messages.ts'
import { createOriginRule } from './origin.ts'
import { serveSocket, type Visitor } from './socket.ts'
import { ticketOf } from './ticket.ts'

export interface LiveSurfaceParts {
  readonly core: Core
  readonly identity: Pick<Identity, 'authenticate' | 'present' | 'tickets'>
}

const socketAddress = '/api/v1/realtime'
const ticketAddress = '/api/v1/realtime/ticket'
const streamAddress = '/api/v1/events'

/** Live updates: `/api/v1/realtime` as a WebSocket, `/api/v1/events` as a stream of events, and the ticket for browsers. */
export async function registerLive(app: FastifyInstance, parts: LiveSurfaceParts): Promise<void> {
  const { core, identity } = parts
  const visitors = new WeakMap<FastifyRequest, Visitor>()
  const admit = createDoor(parts)

  app.route({
    method: 'GET',
    url: socketAddress,
    preValidation: async (request) => {
      if (request.ws) visitors.set(request, await admit(request))
    },
    handler: async () => fail('upgrade_required'),
    wsHandler: (socket, request) =>
      serveSocket(core.live, socket, visitors.get(request) as Visitor, core.log),
  })
  app.post(ticketAddress, async (request, reply) => {
    const who = await identity.authenticate(incomingOf(request))
    await core.limits.take(callerOf(who, request))
    return reply.header('Cache-Control', 'no-store').send(await identity.tickets.issue(who))
  })
  app.get(streamAddress, async (request, reply) => {
    const visitor = await admit(request)
    const query = parseInput({ input: StreamQuery }, request.query, visitor.who.locale)
    const last = headerOf(request, 'last-event-id') ?? query.last
    return sendLiveEvents(core.live, visitor, { topics: query.topics, last }, reply)
  })
  app.addHook('preClose', async () => core.live.dismiss())
  await core.live.listen()
}

/** Lets in who may come in: from a page that may ask, with a ticket, a token, a key or the page's cookie. */
function createDoor({ core, identity }: LiveSurfaceParts) {
  const requireOrigin = createOriginRule(core.config)
  const byTicket = async (ticket: string, locale: Locale) => {
    const bearer = await identity.tickets.use(ticket)
    return { bearer, who: await identity.present(bearer, locale) }
  }
  const byCredential = async (request: FastifyRequest) => {
    const who = await identity.authenticate(incomingOf(request))
    return { bearer: bearerOf(who), who }
  }
  return async (request: FastifyRequest): Promise<Visitor> => {
    const ticket = ticketOf(request)
    requireOrigin(request, ticket === undefined ? 'credential' : 'ticket')
    const { bearer, who } = await (ticket === undefined
      ? byCredential(request)
      : byTicket(ticket, localeFrom(request.headers['accept-language'])))
    await core.limits.take(callerOf(who, request))
    return visitorOf(identity, who.locale, bearer, request.id, who)
  }
}

const visitorOf = (
  identity: LiveSurfaceParts['identity'],
  locale: Locale,
  bearer: Bearer,
  requestId: string,
  who: Visitor['who'],
): Visitor => ({
  who,
  requestId,
  credential: bearer.session ?? bearer.key,
  present: () => identity.present(bearer, locale),
})

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
