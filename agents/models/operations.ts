import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, listOperation, getOperation, operation, sql } from '#core'
import { agentErrors } from '../errors.ts'
import { usualAddress, type Vendor } from './choice.ts'
import { endingOf, fields, modelId, ModelSetting, modelSettings } from './setting.ts'
import { keyPlace, readModel, renumber } from './store.ts'
import { testModel } from './test.ts'

/** More would be a list that nobody keeps in order. */
const mostModels = 20

const listModels = listOperation(modelSettings, {
  name: 'agents.models.list',
  summary:
    'List the language models that the company’s agents use, in the order they are asked; never their keys',
})

const getModel = getOperation(modelSettings, {
  name: 'agents.models.get',
  summary: 'Get one of the company’s language models; never its key',
})

const createModel = operation({
  name: 'agents.models.create',
  summary:
    'Add a language model from OpenAI, what speaks its API, Azure or Google, after those that are there',
  effect: 'write',
  input: z.object({
    name: fields.name,
    vendor: fields.vendor,
    model: fields.model,
    baseUrl: fields.baseUrl.optional(),
    apiVersion: fields.apiVersion.optional(),
    apiKey: fields.apiKey.optional(),
  }),
  output: ModelSetting,
  async run({ name, vendor, model, baseUrl, apiVersion, apiKey }, { tenant, query, vault }) {
    await query(lockOrder(tenant.id))
    const [{ count } = { count: 0 }] = await query<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM agents.models WHERE tenant_id = ${tenant.id}`,
    )
    if (count >= mostModels) agentErrors.fail('models_full', { most: mostModels })
    const id = uuidv7()
    const sealed = apiKey === undefined ? null : await vault.seal(keyPlace(id), apiKey)
    await query(sql`
      INSERT INTO agents.models (tenant_id, id, name, vendor, model, base_url, api_version, api_key, key_ending, ordinal)
      VALUES (${tenant.id}, ${id}, ${name}, ${vendor}, ${model}, ${baseUrl ?? addressOf(vendor)},
        ${vendor === 'azure' ? (apiVersion ?? null) : null}, ${sealed}, ${apiKey === undefined ? null : endingOf(apiKey)}, ${count + 1})`)
    return readModel(query, id)
  },
})

const updateModel = operation({
  name: 'agents.models.update',
  summary: 'Change a language model’s name, vendor, model, address or key',
  effect: 'write',
  input: z.object({
    id: modelId,
    name: fields.name.optional(),
    model: fields.model.optional(),
    /** Null is the vendor's own. */
    baseUrl: fields.baseUrl.nullable().optional(),
    apiVersion: fields.apiVersion.nullable().optional(),
    apiKey: fields.apiKey.optional(),
    version: z.int().optional(),
  }),
  output: ModelSetting,
  async run({ id, version, apiKey, ...change }, { tenant, query, vault }) {
    const before = await readModel(query, id)
    if (version !== undefined && version !== before.version) fail('version_conflict')
    const after = { ...before, ...change, baseUrl: addressAfter(before, change.baseUrl) }
    if (apiKey === undefined) requireSameHost(before, after.baseUrl)
    await query(sql`
      UPDATE agents.models SET name = ${after.name}, model = ${after.model}, base_url = ${after.baseUrl},
        api_version = ${after.vendor === 'azure' ? after.apiVersion : null}, checked = NULL, checked_at = NULL
      WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    if (apiKey !== undefined)
      await query(sql`
        UPDATE agents.models SET api_key = ${await vault.seal(keyPlace(id), apiKey)}, key_ending = ${endingOf(apiKey)}
        WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return readModel(query, id)
  },
})

const deleteModel = operation({
  name: 'agents.models.delete',
  summary: 'Remove a language model and its key for good',
  effect: 'destroy',
  input: z.object({ id: modelId }),
  output: z.object({ id: z.uuid(), name: z.string() }),
  async run({ id }, { tenant, query }) {
    const { name } = await readModel(query, id)
    await query(lockOrder(tenant.id))
    await query(sql`DELETE FROM agents.models WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    await query(renumber(tenant.id))
    return { id, name }
  },
})

const moveModel = operation({
  name: 'agents.models.move',
  summary: 'Put a language model at a place in the order they are asked; at place 1 it is the default',
  effect: 'write',
  input: z.object({ id: modelId, place: z.int().min(1).max(mostModels) }),
  output: ModelSetting,
  async run({ id, place }, { tenant, query }) {
    await query(lockOrder(tenant.id))
    const before = await readModel(query, id)
    // Places are doubled, so that there is room before and after each.
    const aim = place * 2 + (place > before.place ? 1 : -1)
    await query(sql`
      UPDATE agents.models SET ordinal = CASE WHEN id = ${id} THEN ${aim}::int ELSE ordinal * 2 END
      WHERE tenant_id = ${tenant.id}`)
    await query(renumber(tenant.id))
    return readModel(query, id)
  },
})

export const modelOperations = [
  listModels,
  getModel,
  createModel,
  updateModel,
  deleteModel,
  moveModel,
  testModel,
]

/** Two who change the order at once do so one after the other. */
const lockOrder = (tenant: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`models ${tenant}`}, 0))`

function addressOf(vendor: Vendor): string {
  return usualAddress[vendor] ?? fail('invalid_input', { problem: azureAddress, issues: [{ path: 'baseUrl', message: azureAddress.en }] }) // prettier-ignore
}

const addressAfter = ({ vendor, baseUrl }: ModelSetting, next: string | null | undefined): string =>
  next === undefined ? baseUrl : (next ?? addressOf(vendor))

/** A kept key goes to the host that it was given for; sent elsewhere, it would be shown after all. */
function requireSameHost({ baseUrl, keyEnding }: ModelSetting, next: string): void {
  if (keyEnding === null || new URL(next).origin === new URL(baseUrl).origin) return
  fail('invalid_input', { problem: keyAgain, issues: [{ path: 'apiKey', message: keyAgain.en }] })
}

const azureAddress = {
  da: 'baseUrl: skriv adressen på jeres egen ressource, som https://navn.openai.azure.com.',
  en: 'baseUrl: write the address of your own resource, such as https://name.openai.azure.com.',
}
const keyAgain = {
  da: 'apiKey: skriv nøglen igen, når adressen bliver en anden.',
  en: 'apiKey: write the key again when the address becomes another.',
}
