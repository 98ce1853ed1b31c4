import { fieldsOf } from '../inbox/envelope.ts'
import type { Workspace } from '../install/workspace.ts'
import type { ContextParts } from './context.ts'
import { isOwn, readSaid, type Said } from './event.ts'

/** Messages that are asked for; Slack gives some apps fifteen at most. */
const most = 50

/**
 * What was said in a thread before the agent came into it, asked of Slack once. Without it the agent knows less, which is
 * better than no answer.
 */
export async function backfill(
  { parts, store }: ContextParts,
  workspace: Workspace,
  said: Said,
): Promise<void> {
  const { channel, root, isDirect } = said
  try {
    const asked = { channel, ts: root, limit: most }
    const { messages } = await parts.out.call(workspace, 'conversations.replies', asked, {
      channel,
      within: 5_000,
    })
    const read = (Array.isArray(messages) ? messages : []).flatMap((message) => {
      const one = readSaid(fieldsOf(message), channel, isDirect)
      return one && !isOwn(one, workspace) && one.ts !== said.ts ? [{ ...one, root }] : []
    })
    await store.keep(workspace, read)
  } catch (error) {
    parts.core.log.warn({ err: error }, 'the beginning of a thread in Slack could not be read')
  }
}
