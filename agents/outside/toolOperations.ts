import { z } from 'zod'
import { fail, getOperation, listOperation, operation, sql } from '#core'
import { agentErrors } from '../errors.ts'
import { openServer, readyTool } from './access.ts'
import { ToolAnswer } from './answer.ts'
import { callAt } from './speak.ts'
import { approval, effects, OutsideTool, readTool, toolHash, toolId, tools } from './tool.ts'

/** For people alone: what nobody has approved yet must not come to an agent by asking. */
const listTools = listOperation(tools, {
  name: 'agents.tools.list',
  summary: 'List the tools of outside MCP servers: what each does, who may use it, and what has changed',
  untrusted: true,
  personOnly: true,
})

const getTool = getOperation(tools, {
  name: 'agents.tools.get',
  summary: 'Get one tool of an outside MCP server, with what has changed since it was approved',
  untrusted: true,
  personOnly: true,
})

const updateTool = operation({
  name: 'agents.tools.update',
  summary: 'Say whether agents may use an outside tool, what it does to the world, and whether its answers are trusted',
  effect: 'write',
  personOnly: true,
  input: z.object({
    id: toolId,
    allowed: z.boolean().optional(),
    effect: z.enum(effects).optional(),
    trusted: z.boolean().optional(),
    version: z.int().optional(),
  }),
  output: OutsideTool,
  async run({ id, version, ...change }, { tenant, query }) {
    const before = await readTool(query, id)
    if (version !== undefined && version !== before.version) fail('version_conflict')
    const { allowed, effect, trusted } = { ...before, ...change }
    await query(sql`
      UPDATE agents.tools SET allowed = ${allowed}, effect = ${effect}, trusted = ${trusted}
      WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return readTool(query, id)
  },
}) // prettier-ignore

/** The hash says which change was seen: one that came after it is not approved with it. */
const approveTool = operation({
  name: 'agents.tools.approve',
  summary: 'Approve what a server now says of an outside tool, so that agents may use it',
  effect: 'write',
  personOnly: true,
  input: z.object({ id: toolId, hash: toolHash }),
  output: OutsideTool,
  async run({ id, hash }, { query }) {
    await readTool(query, id)
    const approved = await query(approval(sql`id = ${id} AND offered_hash = ${hash}`))
    return approved.length > 0 ? readTool(query, id) : fail('version_conflict')
  },
})

/** For people and their own programs; agents have each tool as an operation of its own. */
const callTool = operation({
  name: 'agents.tools.call',
  summary: 'Call a tool of an outside MCP server and show what it answers',
  effect: 'send',
  personOnly: true,
  untrusted: true,
  input: z.object({
    id: toolId.meta({ sink: 'url' }),
    input: z.record(z.string().max(64), z.unknown()).default({}).meta({ sink: 'channel', kind: 'json' }),
  }),
  output: z.object({ id: z.uuid(), name: z.string(), ...ToolAnswer.shape }),
  async outside({ id, input }, context) {
    const { name } = await readTool(context.query, id)
    const tool = (await readyTool(context.query, id)) ?? agentErrors.fail('tool_changed')
    const access = (await openServer(context, tool.serverId)) ?? fail('not_found')
    return async () => ({ name, ...(await callAt(access, tool, input, context)) })
  },
  run: ({ id }, _, answer) => ({ id, ...answer }),
}) // prettier-ignore

export const toolOperations = [listTools, getTool, updateTool, approveTool, callTool]
