import { z } from 'zod'

/** `crm.contacts`, one thing of it (`crm.contacts/<id>`), or `*`. */
const Topic = z.string().regex(/^(?:\*|[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*(?:\/[\x21-\x7e]{1,200})?)$/)
const topics = z.array(Topic).min(1).max(100)

/** What a client says on the WebSocket, as JSON in text frames. */
export const ClientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), topics, last: z.uuid().optional() }),
  z.strictObject({ type: z.literal('unsubscribe'), topics }),
  z.strictObject({ type: z.literal('ping') }),
])
export type ClientMessage = z.output<typeof ClientMessage>

/** What is asked of the stream of events, in its address. */
export const StreamQuery = z.strictObject({
  topics: z
    .string()
    .max(4_000)
    .transform((text) => text.split(','))
    .pipe(topics)
    .default(['*'])
    .describe('Topics with commas between; everything that one may read unless said.'),
  last: z.uuid().optional().describe('From where to resume, where `Last-Event-ID` cannot be sent.'),
})
