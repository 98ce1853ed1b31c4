import { hash } from 'node:crypto'
import { fail } from '../errors.ts'
import { isLocale, localeFrom, type Locale } from '../language.ts'
import type { Actor, Clock, Tenant } from '../operations/context.ts'
import type { Registry } from '../operations/registry.ts'
import type { Access, AccessMemory, KeyAccess } from './access.ts'
import type { AccessTokens } from './accessToken.ts'
import { isApiKey, readApiKey, type ApiKey } from './apiKey.ts'
import type { Bearer } from './bearer.ts'
import { BoundedMap } from './boundedMap.ts'
import { credentialOf, requireOwnPage, type IncomingRequest } from './credentials.ts'
import { permissionsMatching } from './permissions.ts'
import type { Role } from './roles.ts'

/** Who calls, established from credentials: everything about a caller that does not depend on the surface. */
export interface Authenticated {
  readonly tenant: Tenant
  readonly actor: Actor
  readonly locale: Locale
  readonly permissions: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
  readonly role: Role
  /** Set when a person came with a session's token. */
  readonly sessionId?: string
}

/** A person's actor also says which session is theirs, so that ending "the others" leaves it alone. */
export type SignedInActor = Extract<Actor, { kind: 'person' }> & { readonly session?: string }

interface AuthenticationParts {
  readonly access: AccessMemory
  readonly tokens: AccessTokens
  readonly registry: Registry
  readonly apiKeyPepper: Buffer
  readonly clock: Clock
}

/** Keys whose secret was found right, by the SHA-256 of the whole key: an HMAC for every call would cost 0.1 ms. */
type VerifiedKeys = BoundedMap<ApiKey>

/** Reads the credential of a request and looks up what it may do now; refuses in sentences that a person can act on. */
export function createAuthenticate(parts: AuthenticationParts) {
  const verified: VerifiedKeys = new BoundedMap(10_000)
  return async (request: IncomingRequest): Promise<Authenticated> => {
    const credential = credentialOf(request)
    if (!credential) fail('unauthenticated')
    if (credential.from === 'cookie') requireOwnPage(request)
    const locale = askedLocale(request)
    return credential.text.startsWith('tk_')
      ? withKey(parts, verified, credential.text, locale)
      : withToken(parts, credential.text, locale)
  }
}

async function withToken(
  parts: AuthenticationParts,
  token: string,
  locale: Locale | undefined,
): Promise<Authenticated> {
  const { person, tenant, session } = await parts.tokens.verify(token)
  const access = await parts.access.ofSession(session, tenant, person)
  if (!access) fail('unauthenticated')
  return { ...authenticatedAs(access, locale, session), sessionId: session }
}

async function withKey(
  parts: AuthenticationParts,
  verified: VerifiedKeys,
  text: string,
  locale: Locale | undefined,
): Promise<Authenticated> {
  const digest = hash('sha256', text, 'base64')
  const known = verified.get(digest)
  const key = known ?? readApiKey(text)
  const access = key && (await parts.access.ofKey(key.id))
  if (!access || !(known || isApiKey(parts.apiKeyPepper, key, access.key.hash))) fail('unauthenticated')
  const who = authenticatedByKey(parts, access, locale)
  if (!known) verified.set(digest, key)
  return who
}

/** Looks up who somebody is now who came in before; refuses with `unauthenticated` once what they came with has ended. */
export function createPresent(parts: Pick<AuthenticationParts, 'access' | 'registry' | 'clock'>) {
  return async ({ tenant, person, session, key }: Bearer, locale?: Locale): Promise<Authenticated> => {
    if (key !== undefined) {
      const access = await parts.access.ofKey(key)
      return authenticatedByKey(parts, access ?? fail('unauthenticated'), locale)
    }
    const access = await (session === undefined
      ? parts.access.ofPerson(tenant, person)
      : parts.access.ofSession(session, tenant, person))
    if (!access) fail('unauthenticated')
    return {
      ...authenticatedAs(access, locale, session),
      ...(session !== undefined && { sessionId: session }),
    }
  }
}

function authenticatedByKey(
  { clock, registry }: Pick<AuthenticationParts, 'registry' | 'clock'>,
  access: KeyAccess,
  locale: Locale | undefined,
): Authenticated {
  const { id, name, expiresAt } = access.key
  if (expiresAt && expiresAt <= clock.now()) fail('unauthenticated')
  return {
    ...authenticatedAs(access, locale),
    actor: { kind: 'key', id, name, personId: access.person.id },
    permissions: permissionsOfKey(access, registry),
  }
}

/** The person themselves, wherever they come from. */
export function authenticatedAs(access: Access, locale?: Locale, session?: string): Authenticated {
  const { tenant, person, role, permissions, domains } = access
  const actor: SignedInActor = {
    kind: 'person',
    id: person.id,
    name: person.name,
    ...(session && { session }),
  }
  return { tenant, actor, locale: locale ?? person.locale, role, permissions, domains }
}

const keyPermissions = new WeakMap<KeyAccess, ReadonlySet<string>>()

/** A key does what its scopes say and its maker may. */
function permissionsOfKey(access: KeyAccess, { operations }: Registry): ReadonlySet<string> {
  let permissions = keyPermissions.get(access)
  if (!permissions) {
    const wanted = permissionsMatching(access.key.scopes, operations)
    permissions = new Set([...wanted].filter((permission) => access.permissions.has(permission)))
    keyPermissions.set(access, permissions)
  }
  return permissions
}

/** The language that the request asks for; without one the person's own is used. */
function askedLocale({ headers }: IncomingRequest): Locale | undefined {
  const header = headers['accept-language']
  if (typeof header !== 'string') return undefined
  const named = header
    .toLowerCase()
    .split(',')
    .some((tag) => isLocale(tag.trim().slice(0, 2)))
  return named ? localeFrom(header) : undefined
}
