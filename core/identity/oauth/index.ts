import type { Config } from '../../config.ts'
import type { Database } from '../../database/database.ts'
import type { Locale } from '../../language.ts'
import type { Clock } from '../../operations/context.ts'
import { ownAddress } from '../../ownAddress.ts'
import { createAddressLimits } from '../../usage/addressLimits.ts'
import type { AccessMemory } from '../access.ts'
import type { Authenticated } from '../authenticate.ts'
import { addressGroup } from '../attempts.ts'
import type { IncomingRequest } from '../credentials.ts'
import type { deriveIdentityKeys } from '../keys.ts'
import { createAuthorization, type AuthorizationQuestion } from './authorization.ts'
import { createClients, type FetchTo, type OAuthClients } from './clients.ts'
import { createConnectionTokens } from './connectionToken.ts'
import { createGrants, type Grants } from './grants.ts'
import { createProgramAuthentication, type AuthenticatedProgram } from './programs.ts'

/** Programs that people connect: how they introduce themselves, are let in, and act. */
export interface Programs extends Pick<OAuthClients, 'register'>, Grants {
  /** Who a program acts for at this resource; refuses with `unauthenticated` or `token_expired`. */
  authenticate(request: IncomingRequest, resource: string): Promise<AuthenticatedProgram>
  /** What to ask the person before a program is connected. */
  question(query: unknown, origin: string, locale: Locale): Promise<AuthorizationQuestion>
  /** Counts a call from an address that has no caller yet; refuses with `rate_limited`. */
  admit(address: string): Promise<void>
}

interface ProgramsParts {
  readonly database: Database
  readonly access: AccessMemory
  readonly clock: Clock
  readonly keys: ReturnType<typeof deriveIdentityKeys>
  readonly config: Pick<Config, 'PUBLIC_URL' | 'HOST'>
  readonly egress: { readonly fetchTo: FetchTo }
  readonly authenticate: (request: IncomingRequest) => Promise<Authenticated>
}

/** Programs come often, to fetch tokens for many people of one office; whoever only registers has no reason to. */
const calls = { points: 120, seconds: 60 }

export function createPrograms(parts: ProgramsParts): Programs {
  const { database, access, clock, keys, config, egress, authenticate } = parts
  const tokens = createConnectionTokens(keys.connectionTokens, clock)
  const clients = createClients({ database, clock, fetchTo: egress.fetchTo })
  const limits = createAddressLimits(calls)
  return {
    authenticate: createProgramAuthentication({ authenticate, access, tokens }),
    register: clients.register,
    question: createAuthorization({ clients, address: ownAddress(config) }),
    admit: (address) => limits.take(addressGroup(address)),
    ...createGrants({ database, access, tokens, refreshKey: keys.connectionRefresh, clock }),
  }
}
