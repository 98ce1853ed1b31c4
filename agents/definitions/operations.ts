import { isDeepStrictEqual } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, filter, getOperation, idOf, itemStatement, listOperation, operation, personOf, raw, resource, sql, type Resource, type Statement, type WriteContext } from '#core' // prettier-ignore
import { agentErrors } from '../errors.ts'
import { Agent, channels, Definition } from './definition.ts'

const agents = resource({
  table: 'agents.agents',
  item: Agent,
  sorts: { name: { expression: raw('t.name COLLATE "da-x-icu"'), type: 'text' } },
  defaultSort: 'name',
})
const id = idOf(agents)

const Version = z.object({
  id: z.uuid(),
  agentId: z.uuid(),
  number: z.int(),
  definition: Definition,
  personId: z.uuid().nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

const versions = resource({
  table: 'agents.versions',
  item: Version,
  filters: { agentId: filter(id, (agent) => sql`t.agent_id = ${agent}`) },
  sorts: { number: { expression: raw('t.number'), type: 'integer' } },
  defaultSort: '-number',
})

const listAgents = listOperation(agents, {
  name: 'agents.agents.list',
  summary: 'List the agents of the company',
})
const getAgent = getOperation(agents, { name: 'agents.agents.get', summary: 'Get one agent of the company' })
const listVersions = listOperation(versions, {
  name: 'agents.versions.list',
  summary: 'List how an agent stood at each of its versions, the latest first',
})

const nothingSaid: Definition = {
  name: '',
  instructions: '',
  modelId: null,
  allowed: [],
  asked: [],
  denied: [],
  channels: [...channels],
  ownerId: null,
}

const createAgent = operation({
  name: 'agents.agents.create',
  summary:
    'Make an agent: its name, what it is told, its model, what it may do, where it is spoken to, who owns it',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({ ...Definition.partial().shape, name: Definition.shape.name }),
  output: Agent,
  async run(given, context) {
    const definition = { ...nothingSaid, ownerId: personOf(context.actor) ?? null, ...said(given) }
    const created = uuidv7()
    await context.query(sql`
      INSERT INTO agents.agents (tenant_id, id, name, instructions, model_id, allowed, asked, denied, channels, owner_id)
      VALUES (${context.tenant.id}, ${created}, ${definition.name}, ${definition.instructions}, ${definition.modelId},
        ${definition.allowed}, ${definition.asked}, ${definition.denied}, ${definition.channels}, ${definition.ownerId})`)
    return kept(context, created)
  },
})

const updateAgent = operation({
  name: 'agents.agents.update',
  summary: 'Change an agent; how it stood before stays among its versions',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({ id, ...Definition.partial().shape, version: z.int().optional() }),
  output: Agent,
  async run({ id: changed, version, ...given }, context) {
    const current = await agentById(context, changed)
    if (version !== undefined && version !== current.version) fail('version_conflict')
    return change(context, current, { ...definitionOf(current), ...said(given) })
  },
})

const restoreAgent = operation({
  name: 'agents.agents.restore',
  summary: 'Bring an agent back to how it stood at one of its versions, as a new version',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({ id, number: z.int().min(1) }),
  output: Agent,
  async run({ id: changed, number }, context) {
    const current = await agentById(context, changed)
    return change(context, current, await definitionAt(context, changed, number))
  },
})

const compareVersions = operation({
  name: 'agents.versions.compare',
  summary: 'Show what differs between two versions of an agent, field by field',
  effect: 'read',
  input: z.strictObject({ agentId: id, from: z.int().min(1), to: z.int().min(1) }),
  output: z.object({
    changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
  }),
  async run({ agentId, from, to }, context) {
    const [before, after] = [
      await definitionAt(context, agentId, from),
      await definitionAt(context, agentId, to),
    ]
    const fields = Object.keys(Definition.shape) as (keyof Definition)[]
    const changed = fields.filter((field) => !isDeepStrictEqual(before[field], after[field]))
    return { changes: changed.map((field) => ({ field, before: before[field], after: after[field] })) }
  },
})

const deleteAgent = operation({
  name: 'agents.agents.delete',
  summary: 'Delete an agent with its versions; its conversations go on with the default one',
  effect: 'destroy',
  personOnly: true,
  input: z.strictObject({ id }),
  output: z.object({ id: z.uuid(), name: z.string() }),
  async run({ id: gone }, context) {
    const { isDefault, name } = await agentById(context, gone)
    if (isDefault) agentErrors.fail('default_stays')
    await context.query(
      sql`DELETE FROM agents.agents t WHERE t.tenant_id = ${context.tenant.id} AND t.id = ${gone}`,
    )
    return { id: gone, name }
  },
})

const chooseDefault = operation({
  name: 'agents.agents.choose',
  summary: 'Let an agent be the one that answers where nobody chose another',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({ id }),
  output: Agent,
  async run({ id: chosen }, context) {
    const agent = await agentById(context, chosen)
    if (agent.isDefault) return agent
    const tenant = sql`t.tenant_id = ${context.tenant.id}`
    await context.query(sql`UPDATE agents.agents t SET is_default = false WHERE ${tenant} AND t.is_default`)
    await context.query(
      sql`UPDATE agents.agents t SET is_default = true WHERE ${tenant} AND t.id = ${chosen}`,
    )
    return kept(context, chosen)
  },
})

export const definitionOperations = [listAgents, getAgent, createAgent, updateAgent, restoreAgent, chooseDefault, deleteAgent, listVersions, compareVersions] // prettier-ignore

async function agentById(context: Pick<WriteContext, 'query'>, wanted: string): Promise<Agent> {
  const [row] = await context.query<{ json: string }>(itemStatement(agents as Resource, wanted))
  return row ? (JSON.parse(row.json) as Agent) : fail('not_found')
}

const definitionOf = (agent: Agent): Definition => Definition.parse(agent)

async function definitionAt(
  context: Pick<WriteContext, 'query'>,
  agent: string,
  number: number,
): Promise<Definition> {
  const [row] = await context.query<{ definition: Definition }>(
    sql`SELECT definition FROM agents.versions
      WHERE tenant_id = (SELECT app.tenant()) AND agent_id = ${agent} AND number = ${number}`,
  )
  return row?.definition ?? fail('not_found')
}

/** A change that changes nothing makes no version. */
async function change(context: WriteContext, current: Agent, wanted: Definition): Promise<Agent> {
  if (isDeepStrictEqual(definitionOf(current), wanted)) return current
  const changed = await context.query(sql`
    UPDATE agents.agents t SET ${columns(wanted)}
    WHERE t.tenant_id = ${context.tenant.id} AND t.id = ${current.id} AND t.version = ${current.version} RETURNING 1`)
  return changed.length > 0 ? kept(context, current.id) : fail('version_conflict')
}

const columns = (definition: Definition): Statement => sql`name = ${definition.name},
  instructions = ${definition.instructions}, model_id = ${definition.modelId}, allowed = ${definition.allowed},
  asked = ${definition.asked}, denied = ${definition.denied}, channels = ${definition.channels},
  owner_id = ${definition.ownerId}`

/** The agent as it now stands, which is kept as a version of it. */
async function kept(context: WriteContext, agent: string): Promise<Agent> {
  await context.query(sql`
    INSERT INTO agents.versions (tenant_id, agent_id, number, definition, person_id)
    SELECT a.tenant_id, a.id, a.version, agents.definition_of(a), ${personOf(context.actor) ?? null}::uuid
    FROM agents.agents a WHERE a.tenant_id = ${context.tenant.id} AND a.id = ${agent}`)
  return agentById(context, agent)
}

/** The fields that were given at all. */
const said = (given: {
  readonly [Field in keyof Definition]?: Definition[Field] | undefined
}): Partial<Definition> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
