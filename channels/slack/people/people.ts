import { Fault, sql, type Authenticated, type Core, type Locale } from '#core'
import { fieldsOf, textOf, type Body } from '../inbox/envelope.ts'
import { SlackRefusal } from '../install/refusal.ts'
import type { Outgoing } from '../outbox/outgoing.ts'
import type { Workspace } from '../install/workspace.ts'
import type { Person } from './person.ts'

interface PersonRow {
  readonly id: string
  readonly name: string
  readonly standing: 'member' | 'guest' | 'bot' | 'stranger'
  readonly employee: string | null
  readonly isStale: boolean
}

/** A person with what only this room needs. */
export interface KnownPerson extends Person {
  /** Ours, of the row in `slack.people`. */
  readonly id: string
  readonly name: string
}

export interface People {
  /** Who somebody is now; of whom nothing is known, Slack is asked. */
  find(workspace: Workspace, slackUser: string): Promise<KnownPerson>
  /** What people are called, in the same order; whom we know Slack is not asked about, and of the others nothing is kept. */
  namesOf(workspace: Workspace, slackUsers: readonly string[]): Promise<string[]>
  /** What the employee may do now; nothing where they are none any more. */
  accessOf(workspace: Workspace, person: Person): Promise<Authenticated | undefined>
}

/** Hours after which Slack is asked again what somebody is: a member can become a guest, or leave. */
const freshFor = 12

export function createPeople(core: Core, out: Pick<Outgoing, 'call'>): People {
  const accessOf: People['accessOf'] = async ({ tenant }, { employee, standing }) => {
    if (employee === null || standing !== 'linked') return undefined
    try {
      return await core.accessOf(tenant, employee)
    } catch (error) {
      if (error instanceof Fault && error.code === 'unauthenticated') return undefined
      throw error
    }
  }
  return {
    accessOf,
    namesOf: async (workspace, slackUsers) => {
      const known = await readNames(core, workspace, slackUsers)
      const asked = async (user: string) => readUser(await userInfo(out, workspace, user), workspace).name
      return Promise.all(slackUsers.map((user) => known.get(user) ?? asked(user)))
    },
    find: async (workspace, slackUser) => {
      const known = await readPerson(core, workspace, slackUser)
      const row = known && !known.isStale ? known : await ask(core, out, workspace, slackUser)
      const person = personOf(slackUser, row)
      if (person.standing !== 'linked' || (await accessOf(workspace, person))) return person
      return { ...person, employee: null, standing: 'unlinked' }
    },
  }
}

function personOf(slackUser: string, { id, name, standing, employee }: PersonRow): KnownPerson {
  if (standing !== 'member') return { id, name, slackUser, employee: null, standing }
  return { id, name, slackUser, employee, standing: employee === null ? 'unlinked' : 'linked' }
}

async function readPerson(
  { database, clock }: Core,
  { tenant, id }: Workspace,
  slackUser: string,
): Promise<PersonRow | undefined> {
  const stale = new Date(clock.now().getTime() - freshFor * 3_600_000)
  const [row] = await database.read<PersonRow>(
    tenant,
    sql`SELECT id, name, standing, employee_id AS employee, checked_at < ${stale} AS "isStale" FROM slack.people
      WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND slack_user = ${slackUser}`,
  )
  return row
}

async function readNames(
  { database }: Core,
  { tenant, id }: Workspace,
  slackUsers: readonly string[],
): Promise<Map<string, string>> {
  const rows = await database.read<{ user: string; name: string }>(
    tenant,
    sql`SELECT slack_user AS "user", name FROM slack.people
      WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND slack_user = ANY(${slackUsers})`,
  )
  return new Map(rows.map(({ user, name }) => [user, name]))
}

/** Asks Slack, and keeps the answer. Whoever is no member any more is linked to nobody. */
async function ask(
  core: Core,
  out: Pick<Outgoing, 'call'>,
  workspace: Workspace,
  slackUser: string,
): Promise<PersonRow> {
  const said = readUser(await userInfo(out, workspace, slackUser), workspace)
  const { tenant, id } = workspace
  const [row] = await core.database.write<PersonRow>(
    tenant,
    sql`INSERT INTO slack.people AS p (tenant_id, workspace_id, slack_user, name, email, standing, proposed_id, checked_at)
      VALUES (${tenant}, ${id}, ${slackUser}, ${said.name}, ${said.email}, ${said.standing},
        CASE WHEN ${said.standing} = 'member' THEN (
          SELECT m.person_id FROM platform.memberships m
          WHERE m.tenant_id = ${tenant} AND m.email = lower(${said.email}) AND m.ended_at IS NULL) END, ${core.clock.now()})
      ON CONFLICT (tenant_id, workspace_id, slack_user) DO UPDATE SET name = EXCLUDED.name, email = EXCLUDED.email,
        standing = EXCLUDED.standing, proposed_id = EXCLUDED.proposed_id, checked_at = EXCLUDED.checked_at,
        employee_id = CASE WHEN EXCLUDED.standing = 'member' THEN p.employee_id END,
        linked_at = CASE WHEN EXCLUDED.standing = 'member' THEN p.linked_at END
      RETURNING id, name, standing, employee_id AS employee, false AS "isStale"`,
  )
  return row!
}

/** Of people of another company Slack may say nothing at all; then they are strangers. */
async function userInfo(out: Pick<Outgoing, 'call'>, workspace: Workspace, slackUser: string): Promise<Body> {
  try {
    return fieldsOf((await out.call(workspace, 'users.info', { user: slackUser }))['user'])
  } catch (error) {
    if (error instanceof SlackRefusal && unknown.has(error.code)) return { is_stranger: true }
    throw error
  }
}

const unknown = new Set(['user_not_found', 'user_not_visible'])

interface SlackUser {
  readonly name: string
  readonly email: string | null
  readonly standing: PersonRow['standing']
}

/** Guests and people of other companies in a shared channel are none of ours, whatever their email says. */
function readUser(user: Body, { teamId, enterpriseId }: Workspace): SlackUser {
  const profile = fieldsOf(user['profile'])
  const name = textOf(user['real_name']) ?? textOf(profile['real_name']) ?? textOf(user['name']) ?? '?'
  const organisation = textOf(fieldsOf(user['enterprise_user'])['enterprise_id'])
  const isOurs =
    teamId === null
      ? organisation === enterpriseId
      : user['team_id'] === teamId || (enterpriseId !== null && organisation === enterpriseId)
  const email = textOf(profile['email']) ?? null
  const is = (flag: string): boolean => user[flag] === true
  if (is('is_bot') || is('is_workflow_bot')) return { name, email: null, standing: 'bot' }
  if (is('is_stranger') || is('deleted') || !isOurs) return { name, email: null, standing: 'stranger' }
  if (is('is_restricted') || is('is_ultra_restricted')) return { name, email: null, standing: 'guest' }
  return { name: name.slice(0, 200), email, standing: 'member' }
}

/** The language that we speak with somebody of whom we know no employee. */
export const usualLocale: Locale = 'da'
