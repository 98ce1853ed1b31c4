import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { sql, type AgentTurn, type Core } from '#core'
import { dueForGist, furtherGist, type Gist, type SumUp } from './gist.ts'
import { sumUpPlainly, sumUpWith } from './sumUp.ts'

/** Milliseconds that a model may take for a gist; nobody waits for it. */
const patience = 30_000

interface Keeping {
  readonly core: Pick<Core, 'database' | 'log'>
  readonly turn: AgentTurn
  readonly gist: Gist | null
  /** The model that answers in this conversation, when a vendor's does. */
  readonly model: () => BaseChatModel | undefined
}

/**
 * Sums up what has become old in a conversation, once its turn is over, and answers that. Losing it costs nothing but another
 * try: until then the older messages are simply not told.
 */
export async function keepGist({ core, turn, gist, model }: Keeping): Promise<Gist | undefined> {
  // What was found for one of several people stands in no gist that the others' turns are told.
  if (turn.isShared) return undefined
  const due = dueForGist(turn.history, gist)
  if (due.length === 0) return undefined
  const further = await furtherGist(due, gist, sumUpBy(model(), core))
  await core.database.transaction(turn.tenant.id, 'READ WRITE', ({ query }) =>
    query(sql`
      INSERT INTO agents.summaries (tenant_id, conversation_id, message_id, text, facts)
      VALUES (${turn.tenant.id}, ${turn.conversation}, ${further.upTo}, ${further.text}, ${JSON.stringify(further.facts)}::jsonb)
      ON CONFLICT (tenant_id, conversation_id) DO UPDATE
        SET message_id = excluded.message_id, text = excluded.text, facts = excluded.facts
        WHERE summaries.message_id < excluded.message_id`),
  )
  return further
}

const sumUpBy =
  (model: BaseChatModel | undefined, { log }: Keeping['core']): SumUp =>
  async (messages, before) => {
    if (!model) return sumUpPlainly(messages, before)
    return sumUpWith(model, messages, before, AbortSignal.timeout(patience)).catch((error: unknown) => {
      log.warn({ err: error }, 'a conversation could not be summed up by the model')
      return sumUpPlainly(messages, before)
    })
  }
