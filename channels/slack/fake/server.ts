import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readArguments, readBody } from './arguments.ts'
import { answerAuthorization } from './authorizePage.ts'
import { answerPage } from './page.ts'
import { SlackRefusal } from './refusal.ts'
import { respond } from './responses.ts'
import { answerCall } from './webApi.ts'
import type { Acts } from './acts.ts'
import type { World } from './world.ts'

type Answering = (
  world: World,
  acts: Acts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => unknown

/** Where everything of Slack is, by the beginning of its path. */
const routes: readonly (readonly [string, Answering])[] = [
  [
    '/api/',
    (world, _, request, response, path) => answerCall(world, path.slice('/api/'.length), request, response),
  ],
  ['/oauth/v2/authorize', (world, _, request, response) => answerAuthorization(world, request, response)],
  ['/actions/', answerResponseUrl],
  ['/upload/v1/', takeUpload],
  ['/files-pri/', handOutFile],
  ['/', (world, acts, request, response, path) => answerPage(world, acts, request, response, path)],
]

export async function listen(world: World, acts: Acts, port: number, host: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://fake.slack').pathname
    const [, answer] = routes.find(([start]) => path.startsWith(start)) ?? routes.at(-1)!
    Promise.resolve(answer(world, acts, request, response, path)).catch((error: unknown) =>
      fail(response, error),
    )
  })
  world.sockets.attach(server)
  server.listen(port, host)
  await once(server, 'listening')
  Object.assign(world, { address: `http://${host}:${(server.address() as AddressInfo).port}` })
  return server
}

/** A fault of the fake itself is seen at once, and its reason with it. */
function fail(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(error instanceof Error ? error.stack : String(error))
}

async function answerResponseUrl(
  world: World,
  _: Acts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) {
  const { args } = await readArguments(request)
  try {
    respond(world, world.triggers.useUrl(path), args)
    response.end('ok')
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error
    const status = error.code.endsWith('_url') ? 404 : 400
    response
      .writeHead(status, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ ok: false, error: error.code }))
  }
}

async function takeUpload(
  world: World,
  _: Acts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) {
  const file = world.workspace.files.find(({ id }) => path.endsWith(id))
  const content = await uploaded(request)
  if (!file || content.length !== file.size) return response.writeHead(400).end('invalid_upload')
  file.content = content
  return response.end(`OK - ${content.length}`)
}

/** Bytes as they are, or the file of a form, as Slack's own client sends it. */
async function uploaded(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(request)
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/')) return body
  const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData()
  const file = [...form.values()].find((value) => typeof value !== 'string')
  return file instanceof File ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0)
}

/** Who has no right gets the sign-in page with 200, as from Slack itself. */
function handOutFile(
  world: World,
  _: Acts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const known = world.installations.tokens.get(token)
  const file = world.workspace.files.find(({ id }) => path.includes(`-${id}/`))
  const isAllowed = known && !known.isRevoked && known.scopes.includes('files:read')
  if (!isAllowed || !file?.content)
    return response
      .setHeader('Content-Type', 'text/html')
      .end('<!doctype html><title>Slack</title>Sign in to your workspace')
  return response.setHeader('Content-Type', 'application/octet-stream').end(file.content)
}
