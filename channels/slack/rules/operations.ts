import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { Colleague, fail, filter, getOperation, idOf, listOperation, operation, raw, requireColleague, resource, show, sql, type WriteContext } from '#core' // prettier-ignore
import { answering, origins } from './rules.ts'

const Origin = z.enum(origins)
const kinds = ['company', 'workspace', 'channel'] as const

/** A place where agents are spoken to, with what holds there and where each of it was chosen. */
const Channel = z.object({
  id: z.uuid(),
  kind: z.enum(kinds),
  workspaceId: z.uuid().nullable(),
  workspaceName: z.string().nullable(),
  name: z.string(),
  isPrivate: z.boolean(),
  /** Another company is in it too. */
  isShared: z.boolean(),
  agentId: z.uuid().nullable(),
  agentFrom: Origin,
  answers: z.enum(answering),
  answersFrom: Origin,
  /** They alone approve; nobody named is whoever may do the same themselves. */
  approvers: z.array(z.object({ id: z.uuid(), name: z.string() })),
  approversFrom: Origin,
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

const channels = resource({
  table: 'slack.channel_list',
  item: Channel,
  fields: {
    approvers:
      raw(`(SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.name), '[]')
      FROM platform.members p WHERE p.id = ANY(t.approvers))`),
  },
  filters: {
    kind: filter(Channel.shape.kind, (kind) => sql`t.kind = ${kind}`),
    workspaceId: filter(z.uuid().meta({ refers: 'slack.workspaces' }), (id) => sql`t.workspace_id = ${id}`),
  },
  sorts: { name: { expression: raw('t.rank COLLATE "da-x-icu"'), type: 'text' } },
  defaultSort: 'name',
})
const id = idOf({ table: 'slack.channels' })

const listChannels = listOperation(channels, {
  name: 'slack.channels.list',
  summary:
    'List how agents behave in Slack: in the company, each workspace and each channel, and where that was chosen',
})

const readChannel = getOperation(channels, {
  name: 'slack.channels.get',
  summary: 'Get how agents behave in one channel of Slack, and where that was chosen',
})
const getChannel = { ...readChannel, input: z.strictObject({ id }) }

const Choice = z.strictObject({
  agentId: z.uuid().nullable().optional().meta({ refers: 'agents.agents' }),
  answers: z.enum(answering).nullable().optional(),
  approvers: z.array(Colleague).max(20).nullable().optional(),
})

/** Who approves is not for an agent to choose. */
const updateChannel = operation({
  name: 'slack.channels.update',
  summary:
    'Choose which agent answers in a channel, a workspace or all of Slack, when it answers, and who approves; null is as above it',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({ id, ...Choice.shape, version: z.int().min(1).optional() }),
  output: Channel,
  async run({ id: place, version, ...given }, context) {
    const before = await show(context, channels, place)
    if (version !== undefined && version !== before.version) fail('version_conflict')
    for (const person of given.approvers ?? []) await requireColleague(context, person)
    await requireAgent(context, given.agentId)
    await choose(context, before, given)
    return show(context, channels, place)
  },
})

export const ruleOperations = [listChannels, getChannel, updateChannel]

async function requireAgent(context: WriteContext, agent: string | null | undefined): Promise<void> {
  if (!agent) return
  const get = context.operations.find('agents.agents.get') ?? fail('not_found')
  await context.call(get, { id: agent })
}

/** What is not given stays; a row that chooses nothing is as good as none. */
async function choose(
  context: WriteContext,
  { id: place, kind }: z.output<typeof Channel>,
  given: z.output<typeof Choice>,
): Promise<void> {
  const workspace = kind === 'workspace' ? place : null
  const channel = kind === 'channel' ? place : null
  const { agentId, answers, approvers } = given
  await context.query(sql`
    INSERT INTO slack.rules AS r (tenant_id, id, workspace_id, channel_id, agent_id, answers, approvers)
    VALUES (${context.tenant.id}, ${uuidv7()}, ${workspace}, ${channel}, ${agentId ?? null}, ${answers ?? null}, ${approvers ?? null})
    ON CONFLICT ON CONSTRAINT one_rule_a_place DO UPDATE SET
      agent_id = CASE WHEN ${agentId === undefined} THEN r.agent_id ELSE excluded.agent_id END,
      answers = CASE WHEN ${answers === undefined} THEN r.answers ELSE excluded.answers END,
      approvers = CASE WHEN ${approvers === undefined} THEN r.approvers ELSE excluded.approvers END`)
}
