import { budgetWarning, Fault, type Account, type AgentTurn, type BudgetWarning } from '#core'
import type { TurnContext } from './context.ts'

/** Whose calls of models a turn makes; those that answer it are counted together. */
export const accountOf = (turn: AgentTurn, purpose: 'turn' | 'summary'): Account => ({
  tenant: turn.tenant.id,
  person: turn.person.id,
  agent: turn.agent.id,
  conversation: turn.conversation,
  purpose,
  ...(purpose === 'turn' && { tab: turn.tab }),
})

/** The stop of a budget within an error that others may have wrapped: no retry and no other model goes around it. */
export function budgetStop(error: unknown): Fault | undefined {
  if (error instanceof Fault) return error.code === 'budget_exhausted' ? error : undefined
  return error instanceof Error ? budgetStop(error.cause) : undefined
}

/** What is said at the end of an answer about budgets that have come near their end. */
export const warningLines = ({ turn, warnings }: TurnContext): string[] =>
  warnings.map((warning: BudgetWarning) => budgetWarning(warning, turn.locale))
