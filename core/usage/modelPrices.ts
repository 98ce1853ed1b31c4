import { v7 } from 'uuid'
import { z } from 'zod'
import { raw, sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { operation } from '../operations/operation.ts'
import { idOf, listOperation } from '../resources/reads.ts'
import { filter, resource } from '../resources/resource.ts'
import { currencies, defaultCurrency } from './exchange.ts'

/** Micro-units of the currency for a million tokens. */
const price = z
  .int()
  .min(0)
  .max(10 ** 12)
const model = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ examples: ['openai/llama-3'], description: 'Vendor and model, such as openai/gpt-5-mini' })

const ModelPrice = z.object({
  id: z.uuid(),
  model: z.string(),
  validFrom: z.iso.date(),
  currency: z.string(),
  input: price,
  cached: price,
  output: price,
})

const modelPrices = resource({
  table: 'platform.model_prices',
  item: ModelPrice,
  filters: { model: filter(model, (value) => sql`t.model = ${value}`) },
  sorts: { validFrom: { expression: raw('t.valid_from'), type: 'date' } },
  defaultSort: '-validFrom',
})

const listModelPrices = listOperation(modelPrices, {
  name: 'platform.modelPrices.list',
  summary:
    'List the prices that the company itself has set for models, instead of the lists that come with the product',
})

const createModelPrice = operation({
  name: 'platform.modelPrices.create',
  summary:
    'Set what a model costs from a day on, in micro-units of a currency for a million tokens; what is past stays as it was',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({
    model,
    input: price,
    output: price,
    cached: price.optional(),
    currency: z.enum(currencies as [string, ...string[]]).default(defaultCurrency),
    validFrom: z.iso.date().optional(),
  }),
  output: ModelPrice,
  async run({ validFrom, cached, ...asked }, context) {
    const made = {
      id: v7(),
      ...asked,
      cached: cached ?? asked.input,
      validFrom: validFrom ?? context.clock.now().toISOString().slice(0, 10),
    }
    await context.query(sql`
      INSERT INTO platform.model_prices (tenant_id, id, model, valid_from, currency, input, cached, output)
      VALUES (${context.tenant.id}, ${made.id}, ${made.model}, ${made.validFrom}, ${made.currency}, ${made.input}, ${made.cached},
        ${made.output})`)
    return made
  },
})

const deleteModelPrice = operation({
  name: 'platform.modelPrices.delete',
  summary: 'Take back a price that the company has set for a model; what is past stays as it was',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({ id: idOf(modelPrices) }),
  output: z.object({ id: z.uuid(), model: z.string() }),
  async run({ id }, context) {
    const [gone] = await context.query<{ id: string; model: string }>(
      sql`DELETE FROM platform.model_prices WHERE tenant_id = ${context.tenant.id} AND id = ${id} RETURNING id, model`,
    )
    return gone ?? fail('not_found')
  },
})

export const modelPriceOperations = [listModelPrices, createModelPrice, deleteModelPrice]
