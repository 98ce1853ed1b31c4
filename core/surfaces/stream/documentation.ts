import { z } from 'zod'
import { schemaOf, type JsonSchema } from '../../operations/jsonSchema.ts'
import { StreamQuery } from './messages.ts'

const refusal = {
  description: 'Refused or failed, with a code and one sentence.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
}

const TicketAnswer = z.object({
  ticket: z.string(),
  expiresIn: z.int().describe('Seconds that the ticket is good for.'),
})

/** The addresses of live updates for the OpenAPI document; the messages of the WebSocket stand in docs/guides/live.md. */
export const livePaths = {
  '/api/v1/realtime': {
    get: {
      operationId: 'realtime',
      tags: ['live'],
      summary: 'Live updates over a WebSocket (RFC 6455)',
      description:
        'Send `{ "type": "subscribe", "topics": ["crm.contacts"] }`, and read again what an event names. Programs bring a key or ' +
        'a token in a header; a browser brings a ticket as a second protocol beside `tekup.live`: `ticket.<ticket>`.',
      responses: { 101: { description: 'The WebSocket is open.' }, default: refusal },
    },
  },
  '/api/v1/realtime/ticket': {
    post: {
      operationId: 'realtimeTicket',
      tags: ['live'],
      summary: 'Get a ticket that opens one WebSocket within half a minute',
      responses: {
        200: {
          description: 'The ticket.',
          content: { 'application/json': { schema: schemaOf(TicketAnswer, 'output') } },
        },
        default: refusal,
      },
    },
  },
  '/api/v1/events': {
    get: {
      operationId: 'events',
      tags: ['live'],
      summary: 'Live updates as server-sent events',
      description:
        'An unnamed event says what happened: `event`, `subject`. `reset`: something was missed, read again. `lost`: topics that ' +
        'may not be followed any more. `closing`: come back after `reconnectAfter` milliseconds. `error`: why it ended.',
      parameters: [
        { name: 'Last-Event-ID', in: 'header', schema: { type: 'string', format: 'uuid' } },
        ...queryParameters(schemaOf(StreamQuery, 'input')),
      ],
      responses: {
        200: {
          description: 'What happens, until the connection ends.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        default: refusal,
      },
    },
  },
}

function queryParameters(schema: JsonSchema): unknown[] {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
  return properties.map(([name, each]) => ({ name, in: 'query', schema: each }))
}
