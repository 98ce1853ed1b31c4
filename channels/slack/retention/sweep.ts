import { sql, type Database } from '#core'
import { slackChoices } from './settings.ts'

/** Rows that go in one transaction. */
const mostAtOnce = 5_000
const { messagesKeptDays: usualDays } = slackChoices.schema.parse({})

/** Lets go of what no company keeps any more: what was said in threads, and events that were worked through. */
export async function sweepOld(
  { platformStatement }: Pick<Database, 'platformStatement'>,
  most = mostAtOnce,
): Promise<void> {
  for (const piece of [
    sql`SELECT slack.sweep_messages(${usualDays}, ${most}) AS gone`,
    sql`SELECT slack.sweep_inbox(${most}) AS gone`,
  ])
    while ((await platformStatement<{ gone: number }>(piece))[0]!.gone === most);
}
