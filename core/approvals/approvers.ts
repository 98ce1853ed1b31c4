import type { TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { PlaceApprovers } from '../operations/approval.ts'
import { personOf, type Origin, type ReadContext, type WriteContext } from '../operations/context.ts'
import type { Deciders } from './deciders.ts'
import type { Row } from './record.ts'
import { reasons } from './sentences.ts'

/** Where something is asked, and whether others than the asker may decide it at all. */
export interface AskedWhere {
  readonly surface: Origin['surface']
  readonly conversation: string | null
  readonly deciders: Deciders
}

type Reader = Pick<TenantTransaction, 'query'>

/**
 * Holds what the places where agents are spoken to say of who approves there, whoever asks and wherever they answer. What
 * only the asker may decide is theirs in every place.
 */
export interface Approvers {
  /** Whether the place lets this person approve, now or beforehand by an "always allow". */
  allow(reader: Reader, where: AskedWhere, person: string): Promise<boolean>
  /** @throws Fault `not_approver` where others are named, `approval_void` where nobody knows any more who is. */
  require(context: ReadContext | WriteContext, row: Row): Promise<void>
}

export function createApprovers(places: readonly PlaceApprovers[]): Approvers {
  const rules = new Map<string, PlaceApprovers['named']>(places.map(({ surface, named }) => [surface, named]))
  const namedIn = async (reader: Reader, { surface, conversation, deciders }: AskedWhere) => {
    const rule = deciders === 'asker' ? undefined : rules.get(surface)
    if (!rule) return []
    // The place is known by the conversation: whoever deletes that does not become an approver by it.
    return conversation === null ? undefined : rule(reader, conversation)
  }
  return {
    allow: async (reader, where, person) => isAmong(await namedIn(reader, where), person),
    require: async (context, row) => {
      const named = await namedIn(context, askedWhere(row))
      if (named === undefined) fail('approval_void', { reason: reasons.placeGone })
      if (isAmong(named, personOf(context.actor) ?? '')) return
      fail('not_approver', { people: await namesOf(context, named) })
    },
  }
}

export const askedWhere = ({ surface, conversation_id: conversation, deciders }: Row): AskedWhere => ({
  surface: surface as Origin['surface'],
  conversation,
  deciders,
})

const isAmong = (named: readonly string[] | undefined, person: string): boolean =>
  named !== undefined && (named.length === 0 || named.includes(person))

async function namesOf(
  { query, locale }: ReadContext | WriteContext,
  ids: readonly string[],
): Promise<string> {
  const people = await query<{ name: string }>(sql`
    SELECT p.name FROM platform.memberships m JOIN platform.people p ON p.id = m.person_id
    WHERE m.tenant_id = (SELECT app.tenant()) AND m.person_id = ANY(${[...ids]}::uuid[]) ORDER BY p.name`)
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(people.map(({ name }) => name))
}
