import type { IncomingMessage, ServerResponse } from 'node:http'
import { readArguments } from './arguments.ts'
import { checkArguments } from './check.ts'
import type { Token } from './installations.ts'
import { definitions } from './methods/definitions.ts'
import { methods } from './methods/index.ts'
import { refuse, SlackRefusal } from './refusal.ts'
import { acceptedScopes, checkScopes, withoutToken } from './scopes.ts'
import type { Fields } from './state.ts'
import { RateLimited } from './tiers.ts'
import type { SeenCall, World } from './world.ts'

const nobody: Token = { text: '', kind: 'bot', scopes: [], isRevoked: false }

/** `POST /api/<method>`: always 200 with `ok`, but for 429 where a limit is met. */
export async function answerCall(
  world: World,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { args, token, isJson } = await readArguments(request)
  const seen: SeenCall = { method: name, arguments: args, at: world.clock.now() }
  world.calls.push(seen)
  const failure = world.sabotage.take(name)
  if (failure === 'timeout') return
  if (failure === '500') return void response.writeHead(500).end('Internal Server Error')
  try {
    if (failure) throw failure === '429' ? new RateLimited(1) : new SlackRefusal(failure)
    seen.answer = run(world, name, { args, token, isJson }, response)
  } catch (error) {
    seen.answer = refused(error, response)
  }
  send(response, seen.answer)
}

interface Sent {
  readonly args: Fields
  readonly token: string | undefined
  readonly isJson: boolean
}

/** In Slack's order: the method, the caller, the rate, the scope, the arguments, and only then the work. */
function run(world: World, name: string, sent: Sent, response: ServerResponse): Fields {
  const definition = definitions.get(name)
  const method = methods[name]
  if (!definition || !method) return refuse('unknown_method', { req_method: name })
  const token = withoutToken.has(name) ? nobody : world.installations.authenticate(sent.token)
  if (token.text !== '') {
    const channel = world.workspace.findChannel(String(sent.args['channel'] ?? sent.args['channel_id'] ?? ''))
    response.setHeader('x-oauth-scopes', token.scopes.join(','))
    response.setHeader('x-accepted-oauth-scopes', acceptedScopes(definition, token, channel).join(','))
    checkScopes(name, definition, token, channel)
  }
  world.limits.count(name, definition.tier, token.installation?.team.id ?? 'app')
  if (sent.isJson && !definition.json) refuse('invalid_arguments')
  const warnings: string[] = []
  const args = checkArguments(definition, sent.args)
  const answer = method({ world, method: name, args, token, warnings }) ?? {}
  return { ok: true, ...answer, ...warned(answer, warnings) }
}

function warned({ response_metadata: metadata }: Fields, warnings: readonly string[]): Fields {
  if (warnings.length === 0) return {}
  return { warning: warnings.join(','), response_metadata: { ...(metadata as Fields | undefined), warnings } }
}

function refused(error: unknown, response: ServerResponse): Fields {
  if (error instanceof RateLimited) {
    response.statusCode = 429
    response.setHeader('Retry-After', String(error.retryAfter))
    return { ok: false, error: 'ratelimited' }
  }
  if (error instanceof SlackRefusal) return { ok: false, error: error.code, ...error.details }
  throw error
}

function send(response: ServerResponse, answer: Fields): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.end(JSON.stringify(answer))
}
