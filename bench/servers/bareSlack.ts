import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import pg from 'pg'
import { isFromSlack } from '../../channels/slack/inbox/signature.ts'
import { settings, underLoad } from './underLoad.mjs'

interface BareSettings {
  readonly runtimeUrl: string
  readonly signingSecret: string
}

/** Fastify and `pg`: looks at the signature, keeps the event as one row, answers Slack, and does nothing with it. */
const { runtimeUrl, signingSecret: secret } = settings() as BareSettings
const pool = new pg.Pool({ connectionString: runtimeUrl, max: 4 })
const app = fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post<{ Body: Buffer }>('/slack/events', async ({ body, headers }, reply) => {
  const [signature, timestamp] = [headers['x-slack-signature'], headers['x-slack-request-timestamp']]
  const signed = { secret, body, signature: String(signature), timestamp: String(timestamp) }
  if (!isFromSlack(signed, new Date())) return reply.code(401).send()
  const event = JSON.parse(body.toString()) as { type: string; challenge?: string; event_id?: string }
  if (event.type === 'url_verification') return { challenge: event.challenge }
  await pool.query({
    name: 'keep',
    text: 'INSERT INTO bench.events (id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [event.event_id, body.toString()],
  })
  return reply.send()
})
await app.listen({ port: 0, host: '127.0.0.1' })
underLoad((app.server.address() as AddressInfo).port, async () => {
  await app.close()
  await pool.end()
})
