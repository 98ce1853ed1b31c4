import { sql, type Statement } from '#core'
import { rulesOf, type Rules } from './rules.ts'

interface Reader {
  query<Row extends object>(statement: Statement): Promise<Row[]>
}

/** What holds where a conversation is led; nothing where it is no thread of Slack's. */
export async function rulesOfConversation(reader: Reader, conversation: string): Promise<Rules | undefined> {
  const [place] = await reader.query<{ workspace: string; channel: string }>(sql`
    SELECT workspace_id AS workspace, channel FROM slack.threads
    WHERE tenant_id = (SELECT app.tenant()) AND conversation_id = ${conversation}`)
  return place && rulesOf(reader, place.workspace, place.channel)
}
