import { fail, itemStatement, prepared, sql, type ReadContext, type Statement, type TenantVault } from '#core'
import type { ModelChoice, Vendor } from './choice.ts'
import { ModelSetting, modelSettings } from './setting.ts'

type Query = ReadContext['query']
type Opening = Pick<TenantVault, 'open'>

/** One model of the company, or `not_found`. */
export async function readModel(query: Query, id: string): Promise<ModelSetting> {
  const [row] = await query<{ json: string }>(itemStatement(modelSettings, id))
  return row ? ModelSetting.parse(JSON.parse(row.json)) : fail('not_found')
}

export interface StoredModel {
  readonly id: string
  readonly name: string
  readonly vendor: Vendor
  readonly model: string
  readonly base_url: string
  readonly api_version: string | null
  readonly api_key: Buffer | null
  readonly version: number
}

const stored = (where: Statement): Statement => sql`
  SELECT id, name, vendor, model, base_url, api_version, api_key, version FROM agents.models
  WHERE tenant_id = (SELECT app.tenant()) AND ${where} ORDER BY ordinal, id`

/** The company's models in the order in which they are asked, their keys still sealed. */
export const readStored = (query: Query): Promise<StoredModel[]> =>
  query<StoredModel>(prepared('tekup_stored_models', stored(sql`true`)))

export async function openStored(query: Query, vault: Opening, id: string): Promise<ModelChoice> {
  const [row] = await query<StoredModel>(stored(sql`id = ${id}`))
  return row ? choiceOf(row, vault) : fail('not_found')
}

export async function choiceOf(row: StoredModel, vault: Opening): Promise<ModelChoice> {
  const apiKey = row.api_key ? await vault.open(keyPlace(row.id), row.api_key) : undefined
  return {
    id: row.id,
    name: row.name,
    vendor: row.vendor,
    model: row.model,
    baseUrl: row.base_url,
    ...(row.api_version !== null && { apiVersion: row.api_version }),
    ...(apiKey !== undefined && { apiKey }),
  }
}

export const keyPlace = (id: string) => ({ table: 'agents.models', column: 'api_key', id })

/** Closes gaps and breaks ties in the order, after a model was taken out or put elsewhere. */
export const renumber = (tenant: string): Statement => sql`
  UPDATE agents.models m SET ordinal = ordered.place
  FROM (SELECT id, row_number() OVER (ORDER BY ordinal, id) AS place FROM agents.models WHERE tenant_id = ${tenant}) ordered
  WHERE m.tenant_id = ${tenant} AND m.id = ordered.id AND m.ordinal <> ordered.place`
