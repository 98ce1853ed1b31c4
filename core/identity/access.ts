import type { Database } from '../database/database.ts'
import { prepared, sql, type Statement } from '../database/sql.ts'
import type { Locale } from '../language.ts'
import type { Clock, Tenant } from '../operations/context.ts'
import type { Registry } from '../operations/registry.ts'
import { BoundedMap } from './boundedMap.ts'
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
export interface AccessMemory {
  ofSession(session: string, tenant: string, person: string): Promise<Access | undefined>
  ofPerson(tenant: string, person: string): Promise<Access | undefined>
  ofKey(key: string): Promise<KeyAccess | undefined>
  ofConnection(connection: string): Promise<ConnectionAccess | undefined>
  /** Forgets what concerns this id. */
  forget(id: string): void
  /** Whether other processes can tell of their changes now: while they cannot, little is remembered. */
  hears(hearing: boolean): void
  /** Forgets, and remembers nothing of this id while a change of it may be on its way to its commit. */
  distrust(id: string): void
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

interface Remembered {
  readonly until: number
  readonly access: Promise<Access | undefined>
  /** Whatever this depends on: a change of one of them ends it. */
  readonly ids: Set<string>
}

const rememberedMs = { hearing: 120_000, deaf: 5_000 }
const distrustedMs = 5_000

/**
 * The hot path's memory: every call asks who may do what, and the answer changes rarely. It is dropped at once on a
 * change in this process, on a notification from another one, and after two minutes in any case.
 */
export function createAccessMemory(database: Database, registry: Registry, clock: Clock): AccessMemory {
  const memory = new BoundedMap<Remembered>(40_000)
  const distrusted = new Map<string, number>()
  let lasting = rememberedMs.hearing
  const now = (): number => clock.now().getTime()

  const recall = <Found extends Access>(
    key: string,
    ids: readonly string[],
    load: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> => {
    if (isDistrusted(ids)) return load()
    const known = memory.get(key)
    if (known && known.until > now()) return known.access as Promise<Found | undefined>
    const access = load()
    const remembered: Remembered = { until: now() + lasting, access, ids: new Set(ids) }
    memory.set(key, remembered)
    access.then(
      (found) => {
        if (found) remembered.ids.add(found.tenant.id).add(found.person.id)
        if (isDistrusted(remembered.ids)) drop(key, remembered)
      },
      () => drop(key, remembered),
    )
    return access
  }
  const drop = (key: string, remembered: Remembered): void => {
    if (memory.get(key) === remembered) memory.delete(key)
  }
  const forget = (id: string): void => {
    for (const [key, { ids }] of memory.entries()) if (ids.has(id)) memory.delete(key)
  }
  const isDistrusted = (ids: Iterable<string>): boolean =>
    [...ids].some((id) => (distrusted.get(id) ?? 0) > now())
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
    distrust: (id) => {
      for (const [known, until] of distrusted) if (until <= now()) distrusted.delete(known)
      distrusted.set(id, now() + distrustedMs)
      forget(id)
    },
    forget,
    hears: (hearing) => {
      lasting = hearing ? rememberedMs.hearing : rememberedMs.deaf
      memory.clear()
    },
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
