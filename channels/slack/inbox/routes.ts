import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#core'
import type { Apps } from '../install/apps.ts'
import type { Body } from './envelope.ts'
import type { Answer, Receive } from './receive.ts'
import { isFromSlack } from './signature.ts'

interface InboxRouteParts {
  readonly apps: Apps
  readonly receive: Receive
  readonly clock: Clock
}

/** Bytes; what Bolt's own receivers take. */
const largestBody = 4 * 1024 * 1024

/**
 * Where Slack sends everything: events, buttons, modals, commands, options. Behind walls of its own, since a signature is
 * of the bytes as they came, and no other route may lose its parser for that.
 */
export async function registerInboxRoutes(app: FastifyInstance, parts: InboxRouteParts): Promise<void> {
  await app.register(async (slack) => {
    slack.removeAllContentTypeParsers()
    slack.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestBody }, (_request, body, done) =>
      done(null, body),
    )
    slack.post('/slack/events', async (request, reply) => take(parts, null, request, reply))
    slack.post<{ Params: { appId: string } }>('/slack/events/:appId', async (request, reply) =>
      take(parts, request.params.appId, request, reply),
    )
  })
}

async function take(
  { apps, receive, clock }: InboxRouteParts,
  appId: string | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const isForm =
    request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ===
    'application/x-www-form-urlencoded'
  if (isForm && isCertificateCheck(bytes)) return reply.code(200).send()
  const known = (await apps.find(appId)).filter(({ signingSecret }) => signingSecret !== undefined)
  if (known.length === 0) return reply.callNotFound() as never
  const signed = {
    body: bytes,
    signature: header(request, 'x-slack-signature'),
    timestamp: header(request, 'x-slack-request-timestamp'),
  }
  const now = clock.now()
  const app = known.find(({ signingSecret }) => isFromSlack({ ...signed, secret: signingSecret! }, now))
  if (!app) return reply.code(401).send()
  const body = readBody(bytes, isForm)
  if (!body || (app.appId !== null && body['api_app_id'] !== undefined && body['api_app_id'] !== app.appId))
    return reply.code(400).send()
  return send(reply, await receive(app.ownApp, body, bytes.toString()))
}

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (typeof body === 'string') reply.type('text/plain; charset=utf-8')
  return reply.code(status).send(body)
}

/** Unsigned, so only this word alone is heard of it: Slack looks whether our certificate is in order. */
const isCertificateCheck = (bytes: Buffer): boolean =>
  bytes.length < 1_000 && new URLSearchParams(bytes.toString()).get('ssl_check') === '1'

/** An event is JSON; an interaction is JSON in a form's field `payload`; a command is the fields of a form. */
function readBody(bytes: Buffer, isForm: boolean): Body | undefined {
  if (!isForm) return readJson(bytes.toString())
  const form = new URLSearchParams(bytes.toString())
  const payload = form.get('payload')
  return payload === null ? Object.fromEntries(form) : readJson(payload)
}

function readJson(text: string): Body | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
