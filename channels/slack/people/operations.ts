import { z } from 'zod'
import { fail, filter, idOf, itemStatement, listOperation, operation, personOf, raw, resource, sql, type ReadContext, type WriteContext } from '#core' // prettier-ignore
import { slackErrors } from '../errors.ts'
import { workspaceId } from '../install/connected.ts'
import { linkId } from './link.ts'

const time = z.iso.datetime({ offset: true })

/** Somebody in Slack, and which employee they are. */
export const SlackPerson = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  slackUser: z.string(),
  workspaceId: z.uuid(),
  workspaceName: z.string(),
  standing: z.enum(['member', 'guest', 'bot', 'stranger']),
  employeeId: z.uuid().nullable(),
  employeeName: z.string().nullable(),
  /** Who they may be by their email; they have not said so yet. */
  proposedName: z.string().nullable(),
  linkedAt: time.nullable(),
  version: z.int(),
  createdAt: time,
  updatedAt: time,
})
type SlackPerson = z.output<typeof SlackPerson>

const nameOf = (column: string): string => `(SELECT p.name FROM platform.people p WHERE p.id = t.${column})`

export const slackPeople = resource({
  table: 'slack.people',
  item: SlackPerson,
  fields: {
    workspaceName: raw(
      '(SELECT w.name FROM slack.workspaces w WHERE w.tenant_id = t.tenant_id AND w.id = t.workspace_id)',
    ),
    employeeName: raw(nameOf('employee_id')),
    proposedName: raw(`CASE WHEN t.employee_id IS NULL THEN ${nameOf('proposed_id')} END`),
  },
  filters: {
    workspaceId: filter(workspaceId, (id) => sql`t.workspace_id = ${id}`),
    linked: filter(z.boolean(), (linked) =>
      linked ? sql`t.employee_id IS NOT NULL` : sql`t.employee_id IS NULL`,
    ),
  },
  sorts: { name: { expression: raw('t.name COLLATE "da-x-icu"'), type: 'text' } },
  defaultSort: 'name',
})

const slackPersonId = idOf(slackPeople)

async function readSlackPerson(query: ReadContext['query'], id: string): Promise<SlackPerson> {
  const [row] = await query<{ json: string }>(itemStatement(slackPeople, id))
  return row ? SlackPerson.parse(JSON.parse(row.json)) : fail('not_found')
}

const listPeople = listOperation(slackPeople, {
  name: 'slack.people.list',
  summary: 'List the people that the company’s agents have met in Slack, and which employee each is',
})

const unlinkPerson = operation({
  name: 'slack.people.unlink',
  summary: 'Let somebody in Slack be no employee any more, until they say anew who they are',
  effect: 'write',
  personOnly: true,
  input: z.object({ id: slackPersonId }),
  output: SlackPerson,
  async run({ id }, { tenant, query }) {
    await readSlackPerson(query, id)
    await query(sql`
      UPDATE slack.people SET employee_id = NULL, linked_at = NULL, greeted_at = NULL
      WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return readSlackPerson(query, id)
  },
})

/** What an employee is shown before they say "that is me". */
const Claim = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  workspaceName: z.string(),
})

const claimOf = ({ id, name, email, workspaceName }: SlackPerson): z.output<typeof Claim> => ({
  id,
  name,
  email,
  workspaceName,
})

const link = z
  .string()
  .max(200)
  .meta({ secret: true, examples: ['a-link-that-was-never-sent'] })

const showLink = operation({
  name: 'slack.links.open',
  summary: 'See who in Slack a one-time link belongs to, before saying that it is you',
  effect: 'read',
  personOnly: true,
  input: z.object({ link }),
  output: Claim,
  async run({ link: text }, context) {
    return claimOf(await linkedTo(context, text))
  },
})

const confirmLink = operation({
  name: 'slack.links.confirm',
  summary:
    'Say that somebody in Slack is you, by the one-time link that they were sent; your rights are theirs there',
  effect: 'write',
  personOnly: true,
  input: z.object({ link }),
  output: Claim,
  async run({ link: text }, context) {
    const person = await linkedTo(context, text)
    const [used] = await context.query(
      sql`DELETE FROM slack.links WHERE tenant_id = ${context.tenant.id} AND id = ${linkId(text)} RETURNING id`,
    )
    return used ? join(context, person) : slackErrors.fail('link_over')
  },
})

/** Those of whom Slack says that they have this employee's email. */
const listProposals = operation({
  name: 'slack.links.mine',
  summary: 'List people in Slack who have your email and may be you',
  effect: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Claim) }),
  async run(_, { tenant, actor, query }) {
    const items = await query<z.output<typeof Claim>>(sql`
      SELECT k.id, k.name, k.email, w.name AS "workspaceName" FROM slack.people k
      JOIN slack.workspaces w ON w.tenant_id = k.tenant_id AND w.id = k.workspace_id
      WHERE k.tenant_id = ${tenant.id} AND k.proposed_id = ${personOf(actor) ?? null} AND k.employee_id IS NULL
        AND k.standing = 'member' AND w.ended_at IS NULL ORDER BY w.name, k.id LIMIT 20`)
    return { items }
  },
})

const acceptProposal = operation({
  name: 'slack.links.accept',
  summary: 'Say that somebody in Slack who has your email is you; your rights are theirs there',
  effect: 'write',
  personOnly: true,
  input: z.object({ id: slackPersonId }),
  output: Claim,
  async run({ id }, context) {
    const { tenant, actor, query } = context
    const [mine] = await query(sql`
      SELECT FROM slack.people WHERE tenant_id = ${tenant.id} AND id = ${id} AND proposed_id = ${personOf(actor) ?? null}
        AND employee_id IS NULL`)
    return mine ? join(context, await readSlackPerson(query, id)) : fail('not_found')
  },
})

/**
 * A link is good until it is used or late, for a member, in a workspace that is connected. Who has an employee's email in
 * Slack is that employee and nobody else: a link that is passed on makes no colleague of whom it was made for.
 */
async function linkedTo(
  { tenant, actor, query, clock }: Pick<ReadContext, 'tenant' | 'actor' | 'query' | 'clock'>,
  text: string,
): Promise<SlackPerson> {
  const [row] = await query<{ id: string }>(sql`
    SELECT k.id FROM slack.links l JOIN slack.people k ON k.tenant_id = l.tenant_id AND k.id = l.person_id
    JOIN slack.workspaces w ON w.tenant_id = k.tenant_id AND w.id = k.workspace_id
    WHERE l.tenant_id = ${tenant.id} AND l.id = ${linkId(text)} AND l.expires_at > ${clock.now()}
      AND k.standing = 'member' AND w.ended_at IS NULL AND NOT EXISTS (
        SELECT FROM platform.memberships m WHERE m.tenant_id = k.tenant_id AND m.person_id = k.proposed_id
          AND m.ended_at IS NULL AND m.person_id IS DISTINCT FROM ${personOf(actor) ?? null}::uuid)`)
  return row ? readSlackPerson(query, row.id) : slackErrors.fail('link_over')
}

async function join(
  { tenant, actor, query, clock }: WriteContext,
  person: SlackPerson,
): Promise<z.output<typeof Claim>> {
  const employee = personOf(actor) ?? fail('person_required')
  await query(sql`
    UPDATE slack.people SET employee_id = ${employee}, linked_at = ${clock.now()}
    WHERE tenant_id = ${tenant.id} AND id = ${person.id} AND standing = 'member'`)
  return claimOf(person)
}

export const peopleOperations = [
  listPeople,
  unlinkPerson,
  showLink,
  confirmLink,
  listProposals,
  acceptProposal,
]
