import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../database/database.ts'
import { sql, type Statement } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Locale } from '../language.ts'
import type { Clock, Tenant } from '../operations/context.ts'
import type { AccessMemory } from './access.ts'
import { accessTokenLife, type AccessTokens } from './accessToken.ts'
import { hashToken, isToken, makeToken, successorOf } from './opaqueToken.ts'
import type { Role } from './roles.ts'

/** Where a session is used from, as the person sees it in their list. */
export interface Device {
  readonly address: string
  readonly userAgent: string
  /** For the trail. */
  readonly requestId?: string
}

export interface SignedInPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly locale: Locale
}

export interface Switched {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly person: SignedInPerson
  readonly tenant: Tenant
}

export interface SignedIn extends Switched {
  readonly refreshToken: string
}

export interface TenantOfPerson extends Tenant {
  readonly role: Role
}

interface SessionParts {
  readonly database: Database
  readonly access: AccessMemory
  readonly tokens: AccessTokens
  readonly refreshKey: Buffer
  readonly clock: Clock
}

export interface Sessions {
  /** Opens a session in the company the person worked in last; `undefined` when they are a member nowhere. */
  open(person: string, device: Device, tenant?: string): Promise<SignedIn | undefined>
  refresh(refreshToken: string, device: Device): Promise<SignedIn>
  end(session: string): Promise<void>
  /** Ends the session of a refresh token; a token that nobody knows ends nothing. */
  endByToken(refreshToken: string): Promise<void>
  switchTenant(session: string, tenant: string): Promise<Switched>
  tenantsOf(person: string): Promise<TenantOfPerson[]>
}

const day = 86_400_000
const sessionLife = 90 * day
const refreshLife = 30 * day
/** How long a refresh token that was just used gives the same successor again, because an answer can be lost. */
const graceSeconds = 10

interface Used {
  readonly outcome: 'rotated' | 'repeated' | 'reused' | 'refused'
  readonly session_id: string
  readonly person_id: string
  readonly tenant_id: string
}

/** A session is a family of single-use refresh tokens (RFC 9700, section 4.14.2); ending it ends all of them. */
export function createSessions({ database, access, tokens, refreshKey, clock }: SessionParts): Sessions {
  const rows = <Row extends object>(statement: Statement): Promise<Row[]> =>
    database.platformStatement<Row>(statement)
  const after = (ms: number): Date => new Date(clock.now().getTime() + ms)
  const tenantsOf = (person: string) =>
    rows<TenantOfPerson>(sql`SELECT * FROM platform.tenants_of(${person})`)

  const issue = async (session: string, tenant: string, person: string): Promise<Switched> => {
    const found = await access.ofSession(session, tenant, person)
    if (!found) fail('unauthenticated')
    const accessToken = await tokens.issue({ person, tenant, session })
    return { accessToken, expiresIn: accessTokenLife, person: found.person, tenant: found.tenant }
  }

  return {
    tenantsOf,
    open: async (person, device, wanted) => {
      const tenant = wanted ?? (await tenantsOf(person))[0]?.id
      if (!tenant) return undefined
      const [session, refreshToken] = [uuidv7(), makeToken('rt')]
      const { userAgent, address } = shortened(device)
      const opened = await database.platform(async ({ query }) => {
        const [row] = await query<{ opened: boolean }>(sql`
          SELECT platform.open_session(${session}, ${person}, ${tenant}, ${userAgent}, ${address}, ${hashToken(refreshToken)},
            ${clock.now()}, ${after(sessionLife)}, ${after(refreshLife)}) AS opened`)
        await query(
          sql`SELECT platform.record_sign_in(${uuidv7()}, ${session}, ${device.requestId ?? session}, ${clock.now()})`,
        )
        return row?.opened
      })
      return opened ? { ...(await issue(session, tenant, person)), refreshToken } : undefined
    },
    refresh: async (refreshToken, device) => {
      if (!isToken(refreshToken, 'rt')) fail('unauthenticated')
      const successor = successorOf(refreshKey, refreshToken)
      const { userAgent, address } = shortened(device)
      const [used] = await rows<Used>(sql`
        SELECT * FROM platform.use_refresh_token(${hashToken(refreshToken)}, ${hashToken(successor)}, ${userAgent}, ${address},
          ${clock.now()}, ${after(refreshLife)}, make_interval(secs => ${graceSeconds}))`)
      if (used?.outcome === 'reused') access.forget(used.session_id)
      if (used?.outcome !== 'rotated' && used?.outcome !== 'repeated') fail('unauthenticated')
      const tenant = await presentTenant(used, access, tenantsOf)
      return { ...(await issue(used.session_id, tenant, used.person_id)), refreshToken: successor }
    },
    end: async (session) => {
      await rows(sql`SELECT platform.end_session(${session}, ${clock.now()})`)
      access.forget(session)
    },
    endByToken: async (refreshToken) => {
      const [row] = await rows<{ session: string | null }>(
        sql`SELECT platform.session_of_token(${hashToken(refreshToken)}) AS session`,
      )
      if (!row?.session) return
      await rows(sql`SELECT platform.end_session(${row.session}, ${clock.now()})`)
      access.forget(row.session)
    },
    switchTenant: async (session, tenant) => {
      const [row] = await rows<{ person: string }>(
        sql`SELECT person FROM platform.switch_session(${session}, ${tenant}, ${clock.now()}) AS person`,
      )
      return row ? issue(session, tenant, row.person) : fail('not_found')
    },
  }
}

/** Who has left the company of their session goes on in another of theirs. */
async function presentTenant(
  { session_id, tenant_id, person_id }: Used,
  access: AccessMemory,
  tenantsOf: Sessions['tenantsOf'],
): Promise<string> {
  if (await access.ofSession(session_id, tenant_id, person_id)) return tenant_id
  return (await tenantsOf(person_id))[0]?.id ?? fail('unauthenticated')
}

const shortened = ({ userAgent, address }: Device): Device => ({
  userAgent: userAgent.replaceAll('\0', '').toWellFormed().slice(0, 300),
  address: address.slice(0, 100),
})
