import { randomUUID } from 'node:crypto'
import type { AnyOperation, ApprovalNotice, Authenticated, Caller, Fault, Plugin } from '#core'
import { shelf } from '#core/testing'
import { showApprovals } from '../approvals/show.ts'
import type { Message } from '../fake/index.ts'
import type { Workspace } from '../install/workspace.ts'
import type { Place } from '../outbox/outgoing.ts'
import { workspaceById } from '../reach.ts'
import { startSlackWorld, type SlackWorld } from './slackWorld.ts'

/** Two colleagues who are linked, a thread of theirs in #general, and a book that an agent may want to send. */
export interface ApprovalWorld extends SlackWorld {
  readonly workspace: Workspace
  readonly anna: Authenticated
  readonly mikkel: Authenticated
  readonly book: string
  /** Where Anna asked. */
  readonly place: Place
  /** Has an agent for a person want something; answers what waits. */
  want(verb: 'mail' | 'update' | 'delete', more?: object, person?: Authenticated): Promise<ApprovalNotice>
  show(notice: ApprovalNotice, place?: Place, asker?: Authenticated): Promise<void>
  /** The latest message of ours in a channel, or in the app's conversation with a person. */
  latest(channel: string, person?: string): Message | undefined
  statusOf(notice: ApprovalNotice): Promise<string>
  /** Messages that were mailed. */
  mailed(): Promise<number>
}

export async function startApprovalWorld(more: readonly Plugin[] = []): Promise<ApprovalWorld> {
  const world = await startSlackWorld({ plugins: [shelf, ...more] })
  const { slack, channel, core, admin, tenant } = world
  const connected = await world.connect()
  const workspace = (await workspaceById(core, tenant, connected.id))!
  slack.invite('general')
  const anna = await join(world, workspace, 'anna', 'Anna Nordlys')
  const mikkel = await join(world, workspace, 'mikkel', 'Mikkel Brandt')
  const { id: book } = await world.call<{ id: string }>('shelf.books.create', { title: 'Løvens gab' })
  const place = await threadOf(world, workspace, anna)
  const agentOf = (person: Authenticated): Caller => ({
    ...person,
    actor: { kind: 'agent', id: 'assistant', name: 'TekUp', personId: person.actor.id },
    origin: { surface: 'slack', requestId: randomUUID(), conversation: conversations.get(place.thread!)! },
    untrusted: true,
  })
  return {
    ...world, workspace, anna, mikkel, book, place,
    want: async (verb, more = {}, person = anna) => {
      const operation = core.registry.find(`shelf.books.${verb}`) as AnyOperation
      const input = { id: book, ...(verb === 'mail' && { to: 'bente@havneby.example' }), ...more }
      const refused = await core.invoke(operation, input, agentOf(person)).then(() => undefined, (fault: Fault) => fault)
      return refused!.details['approval'] as ApprovalNotice
    },
    show: (notice, at = place, asker = anna) => showApprovals(channel.parts, at, [notice], asker),
    latest: (name, person = 'anna') => {
      const user = slack.workspace.user(person).id
      const direct = slack.workspace.channels.find(({ kind, members }) => kind === 'im' && members.has(user))
      const messages = name === '@bot' ? (direct?.messages ?? []) : slack.messages(name)
      return messages.findLast(({ botId, onlyFor }) => botId !== undefined && onlyFor === undefined)
    },
    statusOf: async ({ id }) => (await world.call<{ status: string }>('platform.approvals.get', { id }, tenant, { actor: anna.actor })).status,
    mailed: async () => Number((await admin.query(`SELECT count(*) FROM shelf.letters WHERE tenant_id = $1 AND way = 'out'`, [tenant])).rows[0].count),
  } // prettier-ignore
}

const conversations = new Map<string, string>()

/** Somebody of the company who has said who they are in Slack. */
async function join(
  { slack, channel, core, admin, changed, tenant }: SlackWorld,
  workspace: Workspace,
  name: string,
  realName: string,
): Promise<Authenticated> {
  const id = randomUUID()
  await admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Nordlys') ON CONFLICT DO NOTHING`, [tenant]) // prettier-ignore
  await admin.query(`INSERT INTO platform.people (id, name, email, password_hash) VALUES ($1, $2, $3, '-')`, [id, realName, `${id}@nordlys.example`]) // prettier-ignore
  await admin.query(`INSERT INTO platform.memberships (tenant_id, person_id, email, role) VALUES ($1, $2, $3, 'employee')`, [tenant, id, `${id}@nordlys.example`]) // prettier-ignore
  const user = slack.workspace.user(name).id
  await channel.parts.people.find(workspace, user)
  await admin.query(`UPDATE slack.people SET employee_id = $1, linked_at = now() WHERE tenant_id = $2 AND slack_user = $3`, [id, tenant, user]) // prettier-ignore
  changed.set(id, { actor: { kind: 'person', id, name: realName }, locale: 'da' })
  return core.accessOf(tenant, id)
}

async function threadOf(
  { slack, admin, tenant, settled }: SlackWorld,
  workspace: Workspace,
  { actor }: Authenticated,
): Promise<Place> {
  const { id: channel } = slack.workspace.channel('general')
  const root = slack.say('anna', 'general', 'Send bogen til Bente')
  await settled()
  const conversation = randomUUID()
  await admin.query(`INSERT INTO platform.conversations (tenant_id, id, person_id, title) VALUES ($1, $2, $3, 'Slack')`, [tenant, conversation, actor.id]) // prettier-ignore
  await admin.query(`INSERT INTO slack.threads (tenant_id, workspace_id, channel, root, conversation_id) VALUES ($1, $2, $3, $4, $5)`, [tenant, workspace.id, channel, root.ts, conversation]) // prettier-ignore
  conversations.set(root.ts, conversation)
  return { workspace, channel, thread: root.ts, isDirect: false, locale: 'da' }
}
