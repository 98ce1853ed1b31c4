import { sql } from '../database/sql.ts'
import { decrypt, encrypt } from './cipher.ts'
import { DataKeys, type TenantStatements } from './dataKeys.ts'
import { resealAll } from './reseal.ts'
import type { WrappingKeys } from './wrappingKeys.ts'

/** Where a secret is kept: a column of type `app.sealed`, and the row's id. It opens nowhere else. */
export interface Place {
  /** With its schema: `agents.models`. */
  readonly table: string
  readonly column: string
  readonly id: string
}

/** One company's secrets, within its own transaction. */
export interface TenantVault {
  /** What to keep in the column of the place instead of the text (UTF-8, up to 512 KiB). */
  seal(place: Place, text: string): Promise<Buffer>
  /** The text again. Throws when it was sealed for another place or company, or was changed. */
  open(place: Place, sealed: Buffer): Promise<string>
  /** Moves every secret of the company to a new data key; answers how many. */
  rotate(): Promise<number>
}

/** Envelope encryption: each company's secrets under its own data key, that under the installation's key. */
export interface Vault {
  of(tenant: string, query: TenantStatements): TenantVault
  readonly keys: DataKeys
}

export function createVault(wrapping: WrappingKeys): Vault {
  const keys = new DataKeys(wrapping)
  return { keys, of: (tenant, query) => tenantVault(keys, tenant, query) }
}

function tenantVault(keys: DataKeys, tenant: string, query: TenantStatements): TenantVault {
  const seal = async (place: Place, text: string): Promise<Buffer> => {
    await query(lock(tenant, 'shared'))
    const { id, key } = await keys.inUse(tenant, query)
    return Buffer.concat([header(id), encrypt(key, Buffer.from(text), contextOf(tenant, place, id))])
  }
  const open = async (place: Place, sealed: Buffer): Promise<string> => {
    const id = keyIdOf(sealed)
    const { key } = await keys.find(tenant, id, query)
    return decrypt(key, sealed.subarray(headerBytes), contextOf(tenant, place, id)).toString()
  }
  const rotate = async (): Promise<number> => {
    await query(lock(tenant, 'alone'))
    await keys.replace(tenant, query)
    return resealAll(tenant, query, async (place, sealed) => seal(place, await open(place, sealed)))
  }
  return { seal, open, rotate }
}

/** While a company's secrets are moved nobody seals with the key that is on its way out. */
const lock = (tenant: string, how: 'shared' | 'alone') =>
  how === 'shared'
    ? sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(${`vault ${tenant}`}, 0))`
    : sql`SELECT pg_advisory_xact_lock(hashtextextended(${`vault ${tenant}`}, 0))`

/** The form's version and the id of the data key come first: `1 | id (16) | iv | tag | ciphertext`. */
const version = 1
const headerBytes = 17

const header = (id: string): Buffer =>
  Buffer.concat([Buffer.from([version]), Buffer.from(id.replaceAll('-', ''), 'hex')])

function keyIdOf(sealed: Buffer): string {
  if (sealed[0] !== version) throw new Error('This was not sealed by this vault.')
  const hex = sealed.subarray(1, headerBytes).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const contextOf = (tenant: string, { table, column, id }: Place, key: string): string =>
  [tenant, table, column, id, key].join('|')
