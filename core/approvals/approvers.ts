import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { personOf, type Origin, type WriteContext } from '../operations/context.ts'
import type { Row } from './record.ts'
import { reasons } from './sentences.ts'

/**
 * Says who alone may approve what was asked in a conversation, by the ids of people: whoever may by their rights, where
 * it names nobody. It only takes away; whoever it names must still have the permission.
 */
export type ApproversOf = (
  { query }: Pick<WriteContext, 'query'>,
  conversation: string,
) => Promise<readonly string[]>

/** What the places where agents are spoken to say of who approves there; asked at the decision, wherever that is made. */
export interface Approvers {
  nameFor(surface: Origin['surface'], rule: ApproversOf): void
  /** @throws Fault `not_approver` where others are named, `approval_void` where nobody knows any more who is. */
  require(context: WriteContext, row: Row): Promise<void>
}

export function createApprovers(): Approvers {
  const rules = new Map<string, ApproversOf>()
  return {
    nameFor: (surface, rule) => void rules.set(surface, rule),
    require: async (context, { surface, conversation_id: conversation }) => {
      const rule = rules.get(surface)
      if (!rule) return
      // The place is known by the conversation: whoever deletes that does not become an approver by it.
      if (conversation === null) fail('approval_void', { reason: reasons.deletedConversation })
      const named = await rule(context, conversation)
      if (named.length === 0 || named.includes(personOf(context.actor) ?? '')) return
      fail('not_approver', { people: await namesOf(context, named) })
    },
  }
}

async function namesOf({ query, locale }: WriteContext, ids: readonly string[]): Promise<string> {
  const people = await query<{ name: string }>(sql`
    SELECT p.name FROM platform.memberships m JOIN platform.people p ON p.id = m.person_id
    WHERE m.tenant_id = (SELECT app.tenant()) AND m.person_id = ANY(${[...ids]}::uuid[]) ORDER BY p.name`)
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(people.map(({ name }) => name))
}
