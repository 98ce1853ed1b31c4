import type { Account, ModelUse, PlannedCall } from './call.ts'

/** What one turn's calls of models came to, from which the purse of the next one follows. */
export interface SpentTurn {
  /** How the last of the calls that cost something was paid. */
  readonly last: Payment
  /** Tokens: all that was used, and the most that one call planned. */
  readonly used: Tokens
  readonly planned: Tokens
}

/** Whose call it was, of which model, and at which price: all that outlives its turn. */
export interface Payment extends Pick<PlannedCall, 'model' | 'pricing'> {
  readonly account: Omit<Account, 'conversation' | 'tab'>
}

export function paymentOf({ account, model, pricing }: PlannedCall): Payment {
  const { tenant, person, agent, purpose } = account
  return { account: { tenant, agent, purpose, ...(person !== undefined && { person }) }, model, pricing }
}

interface Tokens {
  readonly input: number
  readonly output: number
}

/** How much longer than the last the next turn's prompts may be: a conversation grows. */
const growth = { share: 1.25, tokens: 1_000 }

/**
 * One call that is as large as a turn like the last one needs: what that used and, on top, a whole call at its most, so
 * that there is room for the last question as for the first.
 */
export function purseLike({ last, used, planned }: SpentTurn, conversation: string): PlannedCall {
  return {
    ...last,
    account: { ...last.account, conversation },
    inputTokens: used.input + Math.ceil(planned.input * growth.share) + growth.tokens,
    outputTokens: used.output + planned.output,
  }
}

/** What is held back for a turn's calls, as `platform.reserve_purse` answers it. */
export interface HeldPurse {
  readonly id: string
  /** ISO 8601; it is found by this and its id. */
  readonly at: string
  /** The company's time zone when it was held back, as an IANA name: its calls count for the days of that. */
  readonly zone: string
  readonly currency: string
  /** Micro-units of `currency`, and tokens: the most that all calls may come to. */
  readonly cost: number
  readonly tokens: number
  /** Micro-units of `currency` for a million tokens. */
  readonly price: { readonly input: number; readonly cached: number; readonly output: number }
  /** From here on somebody has to hear of a budget that comes to its end; null where nobody has to. */
  readonly warnCost: number | null
  readonly warnTokens: number | null
}

/** A purse with the call that it was planned as: only the like of it is paid from it. */
export interface Purse {
  readonly held: HeldPurse
  readonly planned: PlannedCall
}

/** Whether a call has the price that the purse was reckoned with, and is for the same account. */
export function isOfPurse({ planned }: Purse, { account, model, pricing }: PlannedCall): boolean {
  if (model !== planned.model || pricing.basis === 'free' || planned.pricing.basis === 'free') return false
  const [price, reckoned] = [pricing.price, planned.pricing.price]
  return (
    account.agent === planned.account.agent &&
    account.person === planned.account.person &&
    account.purpose === planned.account.purpose &&
    pricing.basis === planned.pricing.basis &&
    price.currency === reckoned.currency &&
    price.input === reckoned.input &&
    price.cached === reckoned.cached &&
    price.output === reckoned.output
  )
}

type Counted = Pick<ModelUse, 'inputTokens' | 'cachedTokens' | 'outputTokens'>

/** As `platform.cost_of_call` reckons it, in micro-units. */
export const costOf = ({ price }: HeldPurse, { inputTokens, cachedTokens, outputTokens }: Counted): number =>
  Math.ceil(
    (Math.max(inputTokens - cachedTokens, 0) * price.input +
      cachedTokens * price.cached +
      outputTokens * price.output) /
      1_000_000,
  )
