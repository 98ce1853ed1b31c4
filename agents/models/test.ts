import { z } from 'zod'
import { fail, operation, sentence, sql, type Locale } from '#core'
import type { ModelChoice } from './choice.ts'
import { payerOf } from './payer.ts'
import { modelId } from './setting.ts'
import { openStored } from './store.ts'
import type { Trial } from './tryModel.ts'
import { verdicts, verdictSentences } from './verdicts.ts'

/** Tests that may run at once: each holds a connection to the database while a vendor takes its time. */
const mostAtOnce = 3
let running = 0

/** One tiny call leaves for the vendor, so this is a `send`; what it came to is kept with the model. */
export const testModel = operation({
  name: 'agents.models.test',
  summary: 'Test a language model with one tiny call, and say in one sentence what came of it',
  effect: 'send',
  input: z.object({ id: modelId.meta({ sink: 'url' }) }),
  output: z.object({ id: z.uuid(), verdict: z.enum(verdicts), sentence: z.string() }),
  async run({ id }, context) {
    const { tenant, query, vault, egress, usage, signal, clock, locale } = context
    const choice = await openStored(query, vault, id)
    const trial = await oneOfFew(async () =>
      (await import('./tryModel.ts')).tryModel(choice, {
        egress,
        usage,
        account: payerOf(context, 'test'),
        signal,
      }),
    )
    await query(sql`
      UPDATE agents.models SET checked = ${trial.verdict}, checked_at = ${clock.now()}
      WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return { id, verdict: trial.verdict, sentence: saidOf(trial, choice, locale) }
  },
})

async function oneOfFew<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= mostAtOnce) fail('conflict', { reason: others })
  running++
  try {
    return await work()
  } finally {
    running--
  }
}

function saidOf({ verdict, refusal }: Trial, { name, model, baseUrl }: ModelChoice, locale: Locale): string {
  const { hostname: host } = new URL(baseUrl)
  return sentence(verdictSentences[verdict], locale, {
    name,
    model,
    host,
    refusal: refusal?.sentence(locale),
  })
}

const others = {
  da: 'andre modeller bliver afprøvet lige nu. Prøv igen om lidt.',
  en: 'other models are being tested right now. Try again shortly.',
}
