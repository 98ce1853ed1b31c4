import type { Database } from '../database/database.ts'
import { prepared, sql, type Statement } from '../database/sql.ts'
import type { Locale } from '../language.ts'
import type { Clock, Tenant } from '../operations/context.ts'
import type { Registry } from '../operations/registry.ts'
import { createChangingMemory, type ChangingMemory } from './changingMemory.ts'
import { permissionsOf, type Role } from './roles.ts'

/** What a member may do, as it stood at most two minutes ago. */
export interface Access {
  readonly tenant: Tenant
  readonly person: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly locale: Locale
  }
  readonly role: Role
  readonly permissions: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
}

export interface KeyAccess extends Access {
  readonly key: {
    readonly id: string
    readonly name: string
    readonly scopes: readonly string[]
    readonly hash: Buffer
    readonly expiresAt: Date | null
  }
}

export interface ConnectionAccess extends Access {
  readonly connection: { readonly id: string; readonly name: string; readonly scopes: readonly string[] }
}

/** `undefined` means: not a member, ended, revoked or expired. */
export interface AccessMemory extends Pick<ChangingMemory<Access>, 'forget' | 'hears' | 'distrust'> {
  ofSession(session: string, tenant: string, person: string): Promise<Access | undefined>
  ofPerson(tenant: string, person: string): Promise<Access | undefined>
  ofKey(key: string): Promise<KeyAccess | undefined>
  ofConnection(connection: string): Promise<ConnectionAccess | undefined>
}

export interface AccessRow {
  readonly tenant_id: string
  readonly tenant_name: string
  readonly person_id: string
  readonly person_name: string
  readonly email: string
  readonly locale: Locale
  readonly role: Role
  readonly domains_off: readonly string[]
}

interface KeyRow extends AccessRow {
  readonly key_name: string
  readonly scopes: readonly string[]
  readonly secret_hash: Buffer
  readonly expires_at: Date | null
}

interface ConnectionRow extends AccessRow {
  readonly connection_name: string
  readonly scopes: readonly string[]
}

/**
 * The hot path's memory: every call asks who may do what, and the answer changes rarely. It is dropped at once on a
 * change in this process, on a notification from another one, and after two minutes in any case.
 */
export function createAccessMemory(database: Database, registry: Registry, clock: Clock): AccessMemory {
  const { recall, forget, hears, distrust } = createChangingMemory<Access>({
    clock,
    most: 40_000,
    concerns: ({ tenant, person }) => [tenant.id, person.id],
  })
  const one = async <Found>(name: string, statement: Statement): Promise<Found | undefined> =>
    (await database.platformStatement<Found & object>(prepared(`tekup_${name}`, statement)))[0]

  return {
    ofSession: (session, tenant, person) =>
      recall(`session ${session} ${tenant} ${person}`, [session, tenant, person], async () => {
        const row = await one<AccessRow>(
          'access_of_session',
          sql`SELECT * FROM platform.access_of_session(${session}, ${tenant}, ${person}, ${clock.now()})`,
        )
        return row && accessOf(row, registry)
      }),
    ofPerson: (tenant, person) =>
      recall(`person ${tenant} ${person}`, [tenant, person], async () => {
        const row = await one<AccessRow>(
          'access_of_person',
          sql`SELECT * FROM platform.access_of_person(${tenant}, ${person})`,
        )
        return row && accessOf(row, registry)
      }),
    ofKey: (id) =>
      recall(`key ${id}`, [id], async () => {
        const row = await one<KeyRow>(
          'access_of_key',
          sql`SELECT * FROM platform.access_of_key(${id}, ${clock.now()})`,
        )
        return row && { ...accessOf(row, registry), key: keyOf(id, row) }
      }),
    ofConnection: (id) =>
      recall(`connection ${id}`, [id], async () => {
        const row = await one<ConnectionRow>(
          'access_of_connection',
          sql`SELECT * FROM platform.access_of_connection(${id}, ${clock.now()})`,
        )
        return (
          row && {
            ...accessOf(row, registry),
            connection: { id, name: row.connection_name, scopes: row.scopes },
          }
        )
      }),
    forget,
    hears,
    distrust,
  }
}

export const accessOf = (row: AccessRow, registry: Registry): Access => ({
  tenant: { id: row.tenant_id, name: row.tenant_name },
  person: { id: row.person_id, name: row.person_name, email: row.email, locale: row.locale },
  role: row.role,
  permissions: permissionsOf(row.role, registry),
  domains: new Set(registry.domains.filter((domain) => !row.domains_off.includes(domain))),
})

const keyOf = (id: string, row: KeyRow): KeyAccess['key'] => ({
  id,
  name: row.key_name,
  scopes: row.scopes,
  hash: row.secret_hash,
  expiresAt: row.expires_at,
})
