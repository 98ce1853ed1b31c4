import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { sql, type Statement } from '../database/sql.ts'
import { BoundedMap } from '../identity/boundedMap.ts'
import { decrypt, encrypt } from './cipher.ts'
import type { WrappingKeys } from './wrappingKeys.ts'

/** Runs a statement as one tenant. */
export type TenantStatements = <Row extends object>(statement: Statement) => Promise<Row[]>

export interface DataKey {
  readonly id: string
  readonly key: Buffer
}

export interface WrappedKey {
  readonly id: string
  readonly wrapped: Buffer
  readonly wrapping_key: string
}

/** Data keys that are kept unwrapped, so that opening costs no decryption of the key each time. */
const mostKept = 1_000

/** The data keys of companies: made with the first secret, unwrapped when used. */
export class DataKeys {
  readonly #wrapping: WrappingKeys
  readonly #kept = new BoundedMap<DataKey>(mostKept)

  constructor(wrapping: WrappingKeys) {
    this.#wrapping = wrapping
  }

  /** The key that is sealed with now. */
  async inUse(tenant: string, query: TenantStatements): Promise<DataKey> {
    const found = await this.#read(tenant, query, sql`retired_at IS NULL`)
    if (found) return found
    await this.#insert(tenant, query)
    return (await this.#read(tenant, query, sql`retired_at IS NULL`))!
  }

  async find(tenant: string, id: string, query: TenantStatements): Promise<DataKey> {
    const key = this.#kept.get(`${tenant} ${id}`) ?? (await this.#read(tenant, query, sql`id = ${id}`))
    if (!key) throw new Error(`The data key ${id} is gone, and with it what it had sealed.`)
    return key
  }

  /** Retires the key in use for a new one. Those retired longer ago are destroyed: what they sealed is gone for good. */
  async replace(tenant: string, query: TenantStatements): Promise<DataKey> {
    await query(sql`
      DELETE FROM platform.data_keys WHERE tenant_id = ${tenant} AND retired_at < now() - interval '1 hour'`)
    await query(sql`
      UPDATE platform.data_keys SET retired_at = now() WHERE tenant_id = ${tenant} AND retired_at IS NULL`)
    return this.inUse(tenant, query)
  }

  /** The same key under the current wrapping key; `undefined` when nobody has the key that it is wrapped by. */
  rewrap(tenant: string, { id, wrapped, wrapping_key }: WrappedKey): WrappedKey | undefined {
    const before = this.#wrapping.find(wrapping_key)
    const { current } = this.#wrapping
    if (!before) return undefined
    const key = decrypt(before.key, wrapped, contextOf(tenant, id, before.id))
    return {
      id,
      wrapped: encrypt(current.key, key, contextOf(tenant, id, current.id)),
      wrapping_key: current.id,
    }
  }

  async #read(tenant: string, query: TenantStatements, which: Statement): Promise<DataKey | undefined> {
    const [row] = await query<WrappedKey>(sql`
      SELECT id, wrapped, wrapping_key FROM platform.data_keys WHERE tenant_id = ${tenant} AND ${which}`)
    if (!row) return undefined
    const wrapping = this.#wrapping.find(row.wrapping_key)
    if (!wrapping)
      throw new Error(`The key ${row.wrapping_key} that wraps a data key is not given (VAULT_KEY).`)
    const key = {
      id: row.id,
      key: decrypt(wrapping.key, row.wrapped, contextOf(tenant, row.id, wrapping.id)),
    }
    this.#kept.set(`${tenant} ${row.id}`, key)
    return key
  }

  async #insert(tenant: string, query: TenantStatements): Promise<void> {
    const id = uuidv7()
    const { current } = this.#wrapping
    const wrapped = encrypt(current.key, randomBytes(32), contextOf(tenant, id, current.id))
    await query(sql`
      INSERT INTO platform.data_keys (tenant_id, id, wrapped, wrapping_key)
      VALUES (${tenant}, ${id}, ${wrapped}, ${current.id}) ON CONFLICT DO NOTHING`)
  }
}

const contextOf = (tenant: string, key: string, wrapping: string): string =>
  ['data key', tenant, key, wrapping].join('|')
