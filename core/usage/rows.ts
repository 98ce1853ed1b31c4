import { v7 } from 'uuid'
import type { ModelUse, PlannedCall } from './call.ts'
import { ratesAt } from './exchange.ts'

/** Seconds until a call that nobody settles is given up: longer than any call may take, and any turn. */
const leaseSeconds = 180

export type PlannedRow = ReturnType<typeof plannedRow>

/** The call as `platform.planned_call` reads it: the columns of its row, and what its price follows from. */
export function plannedRow({ account, model, pricing, inputTokens, outputTokens }: PlannedCall, at: Date) {
  return {
    id: v7(),
    at,
    person_id: account.person ?? null,
    agent_id: account.agent,
    conversation_id: account.conversation ?? null,
    purpose: account.purpose,
    model,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    priced: pricing.basis,
    price: pricing.basis === 'free' ? freeOfCharge : pricing.price,
    rates: ratesAt(at),
    lease_seconds: leaseSeconds,
  }
}

const freeOfCharge = { currency: 'USD', input: 0, cached: 0, output: 0 }

/** What a call used, as columns of its row. */
export const usedColumns = (use: ModelUse) => ({
  input_tokens: use.inputTokens,
  cached_tokens: use.cachedTokens,
  output_tokens: use.outputTokens,
  reasoning_tokens: use.reasoningTokens,
  milliseconds: Math.round(use.milliseconds),
  measured: use.measured,
})
