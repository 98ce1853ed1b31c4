import { sentence, sql, type Core, type Locale } from '#core'
import type { Place } from '../outbox/outgoing.ts'
import { readRules } from '../rules/rules.ts'
import type { Approval } from './approval.ts'
import { anyOf, said } from './sentences.ts'

/** Who decides a question that was asked in a place. */
export interface Deciders {
  /** They alone; whoever may do the same themselves, where nobody is named. */
  readonly people: readonly Named[]
  /** Not for everybody in the channel: it is asked in direct messages. */
  readonly isPrivate: boolean
}

interface Named {
  readonly id: string
  readonly name: string
}

type Where = Pick<Place, 'workspace' | 'channel' | 'isDirect'>

/**
 * What is a person's own is theirs to decide, and no matter for a channel. Else the channel's settings may name people;
 * where the asker is not among them, they are asked by themselves. `core.approvals` holds the same at the decision.
 */
export async function decidersOf(
  { database }: Pick<Core, 'database'>,
  { workspace, channel, isDirect }: Where,
  { deciders, personId, personName }: Approval,
): Promise<Deciders> {
  if (deciders === 'asker')
    return { people: [{ id: personId, name: personName ?? '' }], isPrivate: !isDirect }
  const { approvers: named } = await readRules(database, workspace, channel)
  if (named.length === 0) return { people: [], isPrivate: false }
  const people = await database.read<Named>(
    workspace.tenant,
    sql`
    SELECT p.id, p.name FROM platform.memberships m JOIN platform.people p ON p.id = m.person_id
    WHERE m.tenant_id = ${workspace.tenant} AND m.person_id = ANY(${[...named]}::uuid[]) ORDER BY p.name`,
  )
  return { people, isPrivate: !named.includes(personId) }
}

/** What whoever may not decide is told. */
export function onlyThey({ deciders, personName }: Approval, { people }: Deciders, locale: Locale): string {
  const person = personName ?? '–'
  if (deciders === 'asker') return sentence(said.onlyAsker, locale, { person })
  if (people.length === 0) return sentence(said.onlyPermitted, locale, { person })
  return sentence(said.onlyNamed, locale, { people: namesOf({ people }, locale) })
}

export const namesOf = ({ people }: Pick<Deciders, 'people'>, locale: Locale): string =>
  anyOf(
    people.map(({ name }) => name),
    locale,
  )
