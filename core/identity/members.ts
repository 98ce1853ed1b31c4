import { v7 as uuidv7 } from 'uuid'
import type { Database, TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Locale } from '../language.ts'
import type { Clock } from '../operations/context.ts'
import type { Attempts } from './attempts.ts'
import { hashToken, isToken } from './opaqueToken.ts'
import { requireGoodPassword, type Passwords } from './passwords.ts'
import type { Role } from './roles.ts'
import type { Device, Sessions, SignedIn } from './sessions.ts'
import { accountsOf, normalEmail } from './signIn.ts'

export interface NewMember {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly role?: Role
  readonly locale?: Locale
}

export interface NewCompany {
  readonly company: { readonly name: string; readonly domain?: string }
  readonly owner: NewMember
  readonly members?: readonly NewMember[]
}

export interface Provisioned {
  readonly tenantId: string
  /** The owner first, then the members in their order. */
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly role: Role
  }[]
}

export interface Acceptance extends Device {
  readonly token: string
  readonly name: string
  readonly password: string
  readonly locale: Locale
}

interface MemberParts {
  readonly database: Database
  readonly passwords: Passwords
  readonly attempts: Attempts
  readonly sessions: Sessions
  readonly clock: Clock
}

/** What whoever holds an invitation may know before accepting it. */
export interface Invited {
  readonly company: string
  readonly email: string
  readonly role: Role
}

interface Members {
  provision(company: NewCompany): Promise<Provisioned>
  invitation(token: string): Promise<Invited>
  accept(acceptance: Acceptance): Promise<SignedIn>
}

interface OpenInvitation {
  readonly tenant_id: string
  readonly email: string
  readonly role: Role
}

/**
 * How people come into a company: with its founding, or by an invitation. An email and a password that are known
 * belong to the person who has them; any other password makes a new account, so that nobody learns from an
 * invitation whether another company knows the email.
 */
export function createMembers(parts: MemberParts): Members {
  const { database, attempts, sessions, clock } = parts
  return {
    provision: async ({ company, owner, members = [] }) => {
      const tenantId = uuidv7()
      const all = [
        { ...owner, role: 'owner' as Role },
        ...members.map((member) => ({ role: 'employee' as Role, ...member })),
      ]
      const prepared = await Promise.all(all.map((member) => prepare(parts, member)))
      await database.platform(async (transaction) => {
        await transaction.query(
          sql`SELECT platform.found_tenant(${tenantId}, ${company.name}, ${company.domain ?? null}, ${clock.now()})`,
        )
        for (const member of prepared) await add(transaction, tenantId, member, clock)
      })
      return { tenantId, people: prepared.map(({ id, name, email, role }) => ({ id, name, email, role })) }
    },
    invitation: async (token) => {
      const { tenant_id, email, role } = await openInvitation(parts, token)
      const [tenant] = await database.read<{ name: string }>(
        tenant_id,
        sql`SELECT name FROM platform.tenants WHERE tenant_id = ${tenant_id}`,
      )
      return { company: tenant?.name ?? fail('not_found'), email, role }
    },
    accept: async (acceptance) => {
      const invitation = await openInvitation(parts, acceptance.token)
      requireGoodPassword(invitation.email, acceptance.password)
      await attempts.admit(invitation.email, acceptance.address)
      const member = await prepare(parts, { ...acceptance, ...invitation })
      await database.platform(async (transaction) => {
        await useInvitation(transaction, acceptance.token, clock)
        await add(transaction, invitation.tenant_id, member, clock)
      })
      return (await sessions.open(member.id, acceptance, invitation.tenant_id)) ?? fail('not_found')
    },
  }
}

async function openInvitation({ database, clock }: MemberParts, token: string): Promise<OpenInvitation> {
  if (!isToken(token, 'inv')) fail('not_found')
  const [invitation] = await database.platformStatement<OpenInvitation>(
    sql`SELECT * FROM platform.open_invitation(${hashToken(token)}, ${clock.now()})`,
  )
  return invitation ?? fail('not_found')
}

async function useInvitation({ query }: TenantTransaction, token: string, clock: Clock): Promise<void> {
  const used = await query(sql`SELECT * FROM platform.use_invitation(${hashToken(token)}, ${clock.now()})`)
  if (used.length === 0) fail('not_found')
}

interface PreparedMember {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly locale: Locale
  /** Null when the account is known. */
  readonly hash: string | null
}

async function prepare({ database, passwords }: MemberParts, member: NewMember): Promise<PreparedMember> {
  const email = normalEmail(member.email)
  const { name, password, role = 'employee', locale = 'da' } = member
  const known = await passwords.match(email, password, await accountsOf(database, email))
  const hash = known ? null : await passwords.hash(email, password)
  return { id: known?.person_id ?? uuidv7(), name, email, role, locale, hash }
}

async function add(
  { query }: TenantTransaction,
  tenant: string,
  member: PreparedMember,
  clock: Clock,
): Promise<void> {
  const { id, email, name, hash, locale, role } = member
  await query(
    sql`SELECT platform.add_member(${tenant}, ${id}, ${email}, ${name}, ${hash}, ${locale}, ${role}, ${clock.now()})`,
  )
}
