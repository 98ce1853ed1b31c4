import { sql, type PlaceApprovers, type Statement } from '#core'
import { rulesOf, type Rules } from './rules.ts'

interface Reader {
  query<Row extends object>(statement: Statement): Promise<Row[]>
}

/** Who alone approves what is asked in a thread; where a conversation is no thread of ours any more, nobody knows. */
export const approversInSlack: PlaceApprovers = {
  surface: 'slack',
  named: async (reader, conversation) => (await rulesOfConversation(reader, conversation))?.approvers,
}

async function rulesOfConversation(reader: Reader, conversation: string): Promise<Rules | undefined> {
  const [place] = await reader.query<{ workspace: string; channel: string }>(sql`
    SELECT workspace_id AS workspace, channel FROM slack.threads
    WHERE tenant_id = (SELECT app.tenant()) AND conversation_id = ${conversation}`)
  return place && rulesOf(reader, place.workspace, place.channel)
}
