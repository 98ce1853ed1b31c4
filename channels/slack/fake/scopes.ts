import type { Token } from './installations.ts'
import type { MethodDefinition } from './methods/definitions.ts'
import { refuse } from './refusal.ts'
import type { Channel } from './state.ts'

/** Methods that take an app's own token instead of an installation's. */
const ofTheApp = new Set(['apps.connections.open', 'apps.event.authorizations.list'])
/** Methods that nobody has to be known for. */
export const withoutToken = new Set(['oauth.v2.access', 'blocks.validate'])

/** @throws SlackRefusal not_allowed_token_type, missing_scope with what was needed and what there is */
export function checkScopes(name: string, method: MethodDefinition, token: Token, channel?: Channel): void {
  if (ofTheApp.has(name) !== (token.kind === 'app')) refuse('not_allowed_token_type')
  const accepted = acceptedScopes(method, token, channel)
  if (accepted.length === 0 || accepted.some((scope) => token.scopes.includes(scope))) return
  refuse('missing_scope', { needed: accepted.join(','), provided: token.scopes.join(',') })
}

/** One of these is needed; of those that go by kind of channel, the one for this channel. */
export function acceptedScopes(method: MethodDefinition, token: Token, channel?: Channel): readonly string[] {
  const all = (token.kind === 'user' ? method.scopes.user : method.scopes.bot) ?? []
  const kind = channel && kinds[channel.kind]
  const fitting = all.filter((scope) => kind !== undefined && scope.startsWith(`${kind}:`))
  return fitting.length > 0 ? fitting : all
}

const kinds = { public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' } as const
