import type { Authenticated } from '#core'
import type { Workspace } from './install/workspace.ts'
import type { SlackParts } from './parts.ts'
import type { Person } from './people/person.ts'

/** An employee who does something in Slack, with what they may do now. */
export interface Present {
  readonly workspace: Workspace
  readonly slackUser: string
  readonly who: Authenticated
}

/** What `inbox` and `people` put into the context of every listener. */
interface Context {
  readonly workspace: Workspace
  readonly person: Person | undefined
}

/** Who acts; nobody where that is no employee, or one who has left. */
export async function presentPerson(
  { people }: Pick<SlackParts, 'people'>,
  context: object,
): Promise<Present | undefined> {
  const { workspace, person } = context as Context
  const who = person && (await people.accessOf(workspace, person))
  return who && { workspace, slackUser: person.slackUser, who }
}
