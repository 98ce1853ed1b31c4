import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Account, AgentTurn, BudgetWarning } from '#core'
import type { Answerer } from '../models/index.ts'
import type { ToolSearch } from '../toolSearch/index.ts'
import type { Recalled } from '../memory/recall.ts'

/** A vendor's model as it is asked in one turn, on that turn's account. */
export interface AskedModel extends Answerer {
  readonly model: BaseChatModel
}

/** What the layers of one turn share. */
export interface TurnContext {
  readonly turn: AgentTurn
  /** Whose calls of models these are. */
  readonly account: Account
  /** What the person and the company want kept in mind, and the gist of what is long ago. */
  readonly recalled: Recalled
  readonly systemPrompt: string
  /** The vendors' models that may answer, in the order in which they are asked. */
  readonly answerers: readonly AskedModel[]
  /** The one of them that is asked now; none when there is none, or none is left. */
  vendor?: AskedModel
  /** Those that did not answer in this turn, and are not asked again. */
  readonly failed: AskedModel[]
  /** Ids of answers that broke off: what was told of them is taken back. */
  readonly takenBack: Set<string>
  readonly onFailure: (vendor: AskedModel, reason: unknown) => void
  /** Budgets that have come near their end in this turn, which the answer tells of. */
  readonly warnings: BudgetWarning[]
  readonly offline: BaseChatModel
  /** Lets whoever only reads go first. */
  readonly giveWay: () => Promise<void>
  readonly search: ToolSearch
  /** Tools that a vendor's model is offered; chosen with its first prompt, added to by what it looks for. */
  offered?: Set<string>
  /** Set when no vendor's model answered and the offline model took over, for the rest of the turn. */
  fellBack: boolean
  /** How many messages there were when the offline model took over. */
  tookOverAt?: number
  /** Set when nobody was left to go on with what the turn had begun to change. */
  leftMidway: boolean
  /** How often a model was asked in this turn. */
  steps: number
  /** How many calls the models of this turn have asked for, and how many of them came to be made or refused. */
  askedCalls: number
  madeCalls: number
  /** Whether the latest answer ends at its model's limit of length. */
  cutShort: boolean
}
