import { z } from 'zod'
import { raw, sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import type { WriteContext } from '../../operations/context.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import { listOperation } from '../../resources/reads.ts'
import { filter, itemStatement, resource } from '../../resources/resource.ts'
import type { AccessChanges } from '../accessChanges.ts'
import { roles, type Role } from '../roles.ts'
import { requireOwner } from './actor.ts'

const Person = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

const members = resource({
  table: 'platform.members',
  item: Person,
  filters: { role: filter(z.enum(roles), (role) => sql`t.role = ${role}`) },
  sorts: {
    name: { expression: raw('t.name'), type: 'text' },
    createdAt: { expression: raw('t.created_at'), type: 'timestamptz' },
  },
  defaultSort: 'name',
  search: 'platform.find_people',
})

/** The id of a member, for any input that names a colleague. */
export const personId = () => z.uuid().meta({ refers: 'platform.people' })

const listPeople = listOperation(members, {
  name: 'platform.people.list',
  summary: 'List the people of the company with their roles',
})

const getPerson = operation({
  name: 'platform.people.get',
  summary: 'Get one person of the company',
  effect: 'read',
  input: z.strictObject({ id: personId() }),
  output: Person,
  query: ({ id }) => itemStatement(members, id),
})

export function peopleOperations(changes: AccessChanges): AnyOperation[] {
  const updatePerson = operation({
    name: 'platform.people.update',
    summary: 'Give a person of the company another role',
    effect: 'write',
    input: z.strictObject({ id: personId(), role: z.enum(roles), version: z.int().optional() }),
    output: Person,
    async run({ id, role, version }, context) {
      const member = await lockMember(context, id)
      if (version !== undefined && version !== member.version) fail('version_conflict')
      if (member.role === 'owner' || role === 'owner') await requireOwner(context)
      if (member.isLastOwner && role !== 'owner') fail('conflict', { reason: lastOwner })
      changes.announce(context.tenant.id)
      await context.query(sql`UPDATE platform.memberships SET role = ${role}
        WHERE tenant_id = ${context.tenant.id} AND person_id = ${id}`)
      return personById(context, id)
    },
  })
  const deletePerson = operation({
    name: 'platform.people.delete',
    summary: 'Remove a person from the company; what they did stays',
    effect: 'destroy',
    input: z.strictObject({ id: personId() }),
    output: z.object({ id: z.uuid(), name: z.string() }),
    async run({ id }, context) {
      const member = await lockMember(context, id)
      if (member.role === 'owner') await requireOwner(context)
      if (member.isLastOwner) fail('conflict', { reason: lastOwner })
      const { name } = await personById(context, id)
      changes.announce(context.tenant.id)
      await context.query(sql`UPDATE platform.memberships SET ended_at = ${context.clock.now()}
        WHERE tenant_id = ${context.tenant.id} AND person_id = ${id}`)
      return { id, name }
    },
  })
  return [listPeople, getPerson, updatePerson, deletePerson]
}

interface Member {
  readonly person_id: string
  readonly role: Role
  readonly version: number
}

/** Locks the member and all owners, always in one order, so that two owners cannot demote each other at once. */
async function lockMember(context: WriteContext, id: string): Promise<Member & { isLastOwner: boolean }> {
  const rows = await context.query<Member>(sql`
    SELECT person_id, role, version FROM platform.memberships
    WHERE tenant_id = ${context.tenant.id} AND ended_at IS NULL AND (role = 'owner' OR person_id = ${id})
    ORDER BY person_id FOR UPDATE`)
  const member = rows.find(({ person_id }) => person_id === id) ?? fail('not_found')
  const owners = rows.filter(({ role }) => role === 'owner')
  return { ...member, isLastOwner: owners.length === 1 && member.role === 'owner' }
}

async function personById(context: WriteContext, id: string): Promise<z.output<typeof Person>> {
  const [row] = await context.query<{ json: string }>(itemStatement(members, id))
  return row ? Person.parse(JSON.parse(row.json)) : fail('not_found')
}

const lastOwner = {
  da: 'firmaet skal have en ejer. Gør en anden til ejer først.',
  en: 'the company must have an owner. Make somebody else an owner first.',
}
