import { sql, type Statement } from '#core'

/** Where a value was chosen; `standard` is what everybody has who chose nothing. */
export const origins = ['channel', 'workspace', 'company', 'standard'] as const
export type RuleOrigin = (typeof origins)[number]

/** `everything`: an agent answers each message of the channel, and not only where it is mentioned. */
export const answering = ['mentions', 'everything'] as const
export type Answering = (typeof answering)[number]

/** How agents behave in one channel, and where each of it was chosen: in the channel, its workspace, the company. */
export interface Rules {
  /** The company's default agent where none is named. */
  readonly agentId: string | null
  readonly agentFrom: RuleOrigin
  readonly answers: Answering
  readonly answersFrom: RuleOrigin
  /** People who alone may approve; whoever may do the same themselves, where nobody is named. */
  readonly approvers: readonly string[]
  readonly approversFrom: RuleOrigin
}

interface Reader {
  query<Row extends object>(statement: Statement): Promise<Row[]>
}

/** What holds in a channel: our id of the workspace, Slack's of the channel. A direct message has no rules of its own. */
export async function rulesOf({ query }: Reader, workspace: string, channel: string): Promise<Rules> {
  const [rules] = await query<Rules>(sql`
    SELECT agent_id AS "agentId", agent_from AS "agentFrom", answers, answers_from AS "answersFrom", approvers,
      approvers_from AS "approversFrom"
    FROM slack.rules_of(${workspace}::uuid, (SELECT c.id FROM slack.channels c
      WHERE c.tenant_id = (SELECT app.tenant()) AND c.workspace_id = ${workspace} AND c.channel = ${channel}))`)
  return rules!
}

/** The same, where a database is at hand and no transaction. */
export const readRules = (
  database: { read<Row extends object>(tenant: string, statement: Statement): Promise<Row[]> },
  { tenant, id }: { readonly tenant: string; readonly id: string },
  channel: string,
): Promise<Rules> => rulesOf({ query: (statement) => database.read(tenant, statement) }, id, channel)
