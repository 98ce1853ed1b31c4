import { fail } from '../../errors.ts'
import { localeFrom } from '../../language.ts'
import { oncePer } from '../../oncePer.ts'
import type { AccessMemory, ConnectionAccess } from '../access.ts'
import { authenticatedAs, type Authenticated } from '../authenticate.ts'
import { credentialOf, type IncomingRequest } from '../credentials.ts'
import { isConnectionToken, type ConnectionTokens } from './connectionToken.ts'
import { permissionsInScope } from './scopes.ts'

/** What a program came with; its rights, its trail and what it has read belong to it. */
export interface Credential {
  readonly kind: 'key' | 'connection' | 'session'
  readonly id: string
  /** What people call it: the key's name, the program's; for a person's own sign-in, theirs. */
  readonly name: string
  /** The person has said that a yes given in this program counts as theirs. */
  readonly relaysApprovals: boolean
}

export interface AuthenticatedProgram extends Authenticated {
  readonly credential: Credential
}

interface ProgramParts {
  readonly authenticate: (request: IncomingRequest) => Promise<Authenticated>
  readonly access: AccessMemory
  readonly tokens: ConnectionTokens
}

/**
 * Who a program acts for. It brings a token of its own connection, made for this resource, an API key, or a person's
 * access token; a browser's cookie is no program's, and is not looked at.
 */
export function createProgramAuthentication({ authenticate, access, tokens }: ProgramParts) {
  return async (request: IncomingRequest, resource: string): Promise<AuthenticatedProgram> => {
    const headerOnly = { ...request, cookies: {} }
    const credential = credentialOf(headerOnly)
    if (!credential) fail('unauthenticated')
    if (isConnectionToken(credential.text)) {
      const id = await tokens.verify(credential.text, resource)
      return byConnection((await access.ofConnection(id)) ?? fail('unauthenticated'), request)
    }
    return byOwn(await authenticate(headerOnly))
  }
}

const permissionsOf = oncePer(({ permissions, connection }: ConnectionAccess) =>
  permissionsInScope(permissions, connection.scopes),
)

function byConnection(access: ConnectionAccess, { headers }: IncomingRequest): AuthenticatedProgram {
  const { id, name, scopes } = access.connection
  const asked = headers['accept-language']
  return {
    ...authenticatedAs(access, typeof asked === 'string' && asked !== '*' ? localeFrom(asked) : undefined),
    permissions: permissionsOf(access),
    credential: { kind: 'connection', id, name, relaysApprovals: scopes.includes('approve') },
  }
}

function byOwn(who: Authenticated): AuthenticatedProgram {
  const { actor, sessionId } = who
  const kind = actor.kind === 'key' ? 'key' : 'session'
  return {
    ...who,
    credential: { kind, id: sessionId ?? actor.id, name: actor.name, relaysApprovals: false },
  }
}
