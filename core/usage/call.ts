import type { TurnTab } from './tab.ts'

/** Whose call of a model it is, and what for: what usage is kept by, and budgets are held against. */
export interface Account {
  readonly tenant: string
  readonly person?: string
  readonly agent: string
  readonly conversation?: string
  /** Such as `turn`, `summary` or `evaluation`. */
  readonly purpose: string
  /** Where its calls are counted together, as those of a turn are. */
  readonly tab?: TurnTab
}

/** Micro-units of `currency` for a million tokens. */
export interface TokenPrice {
  readonly currency: string
  readonly input: number
  /** Input that the vendor had kept from an earlier call. */
  readonly cached: number
  /** Reasoning is output. */
  readonly output: number
}

/**
 * What a call costs: by a list, by the dearest of a list that does not know the model, or nothing at all. A price that
 * the company itself has set (`platform.modelPrices.create`) goes before a list's.
 */
export type Pricing =
  | { readonly basis: 'list' | 'dearest'; readonly price: TokenPrice }
  | { readonly basis: 'free' }

/** A call of a model that is about to be made. */
export interface PlannedCall {
  readonly account: Account
  /** Vendor and model, such as `openai/gpt-5-mini`; the core knows neither. */
  readonly model: string
  readonly pricing: Pricing
  /** Tokens of the prompt, estimated, and the most that may be answered. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** Told when a budget has come near its end, once in its period; without it nobody is told by this call. */
  readonly warn?: (warning: BudgetWarning) => void
}

/** What a call used. Cached tokens are part of the input, reasoning tokens of the output. */
export interface ModelUse {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
  readonly milliseconds: number
  /** Whether the vendor counted, or we did because its count never came. */
  readonly measured: 'reported' | 'estimated'
}

/** A budget and the period it is in, as a sentence needs them. */
export interface BudgetPeriod {
  readonly budget: string
  readonly covers: 'company' | 'person' | 'agent'
  readonly period: 'day' | 'month'
  /** ISO 8601. */
  readonly renewsAt: string
  /** The company's time zone, as an IANA name. */
  readonly zone: string
}

export interface BudgetWarning extends BudgetPeriod {
  readonly percent: number
}
