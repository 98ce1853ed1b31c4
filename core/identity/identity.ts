import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { fail, Fault } from '../errors.ts'
import type { Egress } from '../egress/index.ts'
import type { Locale } from '../language.ts'
import type { Logger } from '../observability/log.ts'
import { personOf, type Clock } from '../operations/context.ts'
import { databaseFault } from '../operations/databaseFault.ts'
import type { Registry } from '../operations/registry.ts'
import { createAccessMemory } from './access.ts'
import type { AccessChanges } from './accessChanges.ts'
import { createAccessTokens } from './accessToken.ts'
import { createAttempts } from './attempts.ts'
import { authenticatedAs, createAuthenticate, createPresent, type Authenticated } from './authenticate.ts'
import type { Bearer } from './bearer.ts'
import type { IncomingRequest } from './credentials.ts'
import { deriveIdentityKeys } from './keys.ts'
import { createMembers, type Acceptance, type Invited, type NewCompany, type Provisioned } from './members.ts'
import { createPrograms, type Programs } from './oauth/index.ts'
import { createPasswords } from './passwords.ts'
import type { Role } from './roles.ts'
import { createSessions, type Device, type SignedIn, type SignedInPerson, type Switched, type TenantOfPerson } from './sessions.ts' // prettier-ignore
import { createTickets, type Tickets } from './tickets.ts'
import { accountsOf, createSignIn, normalEmail, type SignInRequest } from './signIn.ts'

export interface IdentityParts {
  readonly database: Database
  readonly registry: Registry
  /** This installation's secret; every key is derived from it. */
  readonly secret: Buffer
  readonly changes: AccessChanges
  readonly clock: Clock
  readonly log: Logger
  /** Reads what programs say of themselves. */
  readonly egress: Pick<Egress, 'fetchTo'>
  /** What this installation may be called. */
  readonly config: Pick<Config, 'PUBLIC_URL' | 'HOST'>
}

export interface Me {
  readonly person: SignedInPerson
  readonly tenant: { readonly id: string; readonly name: string }
  readonly tenants: readonly TenantOfPerson[]
  readonly role: Role
  readonly permissions: readonly string[]
  readonly domains: readonly string[]
}

/** Who is calling, and what they may do; how people come in and go out. */
export interface Identity {
  /** Refuses with `unauthenticated`, `token_expired` or `csrf`. */
  authenticate(request: IncomingRequest): Promise<Authenticated>
  /** A member without a credential: for agents that act for a person, jobs and tests. Refuses with `unauthenticated`. */
  accessOf(tenantId: string, personId: string): Promise<Authenticated>
  /** Who somebody is now who came in before; refuses with `unauthenticated` once what they came with has ended. */
  present(bearer: Bearer, locale?: Locale): Promise<Authenticated>
  readonly tickets: Tickets
  /** Refuses with `wrong_credentials`, or `rate_limited` and the seconds to wait. */
  signIn(request: SignInRequest): Promise<SignedIn>
  refresh(refreshToken: string, device: Device): Promise<SignedIn>
  /** Ends the session at once, for every process. */
  signOut(sessionId: string): Promise<void>
  signOutByRefreshToken(refreshToken: string): Promise<void>
  /** Refuses with `not_found` when the person of the session is no member there. */
  switchTenant(sessionId: string, tenantId: string): Promise<Switched>
  /** Whose invitation a token is, to which company; refuses with `not_found` once it cannot be accepted any more. */
  invitation(token: string): Promise<Invited>
  /** Makes a member of whoever holds the invitation's token, and signs them in. */
  accept(acceptance: Acceptance): Promise<SignedIn>
  /** Programs that people connect, and who a program acts for. */
  readonly programs: Programs
  me(who: Authenticated): Promise<Me>
  /** Founds a company with its first people. */
  provision(company: NewCompany): Promise<Provisioned>
  /** Whether an account has this email. For whoever runs the product: it must never be answered to a caller. */
  isKnown(email: string): Promise<boolean>
  /** Resolves when changes of other processes are heard. */
  readonly listening: Promise<void>
  close(): Promise<void>
}

export function createIdentity(parts: IdentityParts): Identity {
  const { registry, clock, log, changes } = parts
  const database = sayingFaults(parts.database, log)
  const keys = deriveIdentityKeys(parts.secret)
  const access = createAccessMemory(database, registry, clock)
  const tokens = createAccessTokens(keys.accessTokens, clock)
  const passwords = createPasswords(keys.passwords)
  const attempts = createAttempts(database, keys.attempts, clock)
  const sessions = createSessions({ database, access, tokens, refreshKey: keys.refreshTokens, clock })
  const members = createMembers({ database, passwords, attempts, sessions, clock })
  changes.follow(access)
  const listening = database.notifications.follow('tekup_access', {
    onNotification: changes.hear,
    onHearing: changes.hears,
  })
  const authenticate = createAuthenticate({ access, tokens, registry, apiKeyPepper: keys.apiKeys, clock })
  return {
    authenticate,
    present: createPresent({ access, registry, clock }),
    tickets: createTickets(database, clock),
    programs: createPrograms({ ...parts, database, access, keys, authenticate }),
    accessOf: async (tenant, person) =>
      authenticatedAs((await access.ofPerson(tenant, person)) ?? fail('unauthenticated')),
    signIn: createSignIn({ database, attempts, passwords, sessions, clock, log }),
    refresh: sessions.refresh,
    signOut: sessions.end,
    signOutByRefreshToken: sessions.endByToken,
    switchTenant: sessions.switchTenant,
    invitation: members.invitation,
    accept: members.accept,
    provision: members.provision,
    isKnown: async (email) => (await accountsOf(database, normalEmail(email))).length > 0,
    me: async ({ tenant, actor, role, permissions, domains }) => {
      const person = personOf(actor) ?? fail('unauthenticated')
      const [found, tenants] = await Promise.all([
        access.ofPerson(tenant.id, person),
        sessions.tenantsOf(person),
      ])
      if (!found) fail('unauthenticated')
      return {
        person: found.person,
        tenant,
        tenants,
        role,
        permissions: [...permissions],
        domains: [...domains],
      }
    },
    listening: listening.ready,
    close: async () => listening.end(),
  }
}

/** What the database refuses becomes a refusal that a person can act on, as it does in `invoke`. */
function sayingFaults(database: Database, log: Logger): Database {
  const say = <Result>(answer: Promise<Result>): Promise<Result> =>
    answer.catch((error: unknown) => {
      if (error instanceof Fault) throw error
      const refusal = databaseFault(error)
      if (refusal.status >= 500) log.error({ err: error }, 'who calls could not be asked of the database')
      throw refusal
    })
  return {
    ...database,
    platform: (work) => say(database.platform(work)),
    platformStatement: (statement) => say(database.platformStatement(statement)),
  }
}
