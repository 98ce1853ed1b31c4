import { z } from 'zod'
import { operation, sentence, sql, type Locale } from '#core'
import type { ModelChoice } from './choice.ts'
import { payerOf } from './payer.ts'
import { modelId } from './setting.ts'
import { openStored } from './store.ts'
import type { Trial } from './tryModel.ts'
import { verdicts, verdictSentences } from './verdicts.ts'

/** One tiny call leaves for the vendor, so this is a `send`; what it came to is kept with the model. */
export const testModel = operation({
  name: 'agents.models.test',
  summary: 'Test a language model with one tiny call, and say in one sentence what came of it',
  effect: 'send',
  input: z.object({ id: modelId.meta({ sink: 'url' }) }),
  output: z.object({ id: z.uuid(), verdict: z.enum(verdicts), sentence: z.string() }),
  async outside({ id }, context) {
    const { query, vault, egress, usage, signal } = context
    const choice = await openStored(query, vault, id)
    const { tryModel } = await import('./tryModel.ts')
    const account = payerOf(context, 'test')
    return async () => ({ choice, trial: await tryModel(choice, { egress, usage, account, signal }) })
  },
  async run({ id }, { tenant, query, clock, locale }, { choice, trial }) {
    await query(sql`
      UPDATE agents.models SET checked = ${trial.verdict}, checked_at = ${clock.now()}
      WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return { id, verdict: trial.verdict, sentence: saidOf(trial, choice, locale) }
  },
})

function saidOf({ verdict, refusal }: Trial, { name, model, baseUrl }: ModelChoice, locale: Locale): string {
  const { hostname: host } = new URL(baseUrl)
  return sentence(verdictSentences[verdict], locale, {
    name,
    model,
    host,
    refusal: refusal?.sentence(locale),
  })
}
