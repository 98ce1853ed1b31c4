import {
  prepared,
  rememberUnderMark,
  sql,
  type AgentIdentity,
  type AgentPort,
  type Core,
  type Statement,
} from '#core'
import type { Agent } from './definition.ts'
import { rulesOf } from './rules.ts'

/** An agent as a turn has it: who it is for the core, and what it is told and asked with. */
export interface AgentDefinition extends AgentIdentity {
  readonly instructions: string
  readonly modelId: string | null
}

type Row = Pick<
  Agent,
  'id' | 'name' | 'instructions' | 'modelId' | 'allowed' | 'asked' | 'denied' | 'channels'
>

type Identify = NonNullable<AgentPort['identify']>

/** Agents that are remembered. */
const mostRemembered = 5_000

/** The agent of this id, or the company's default one; nothing when it is gone or is not spoken to here. */
export function createIdentify({ database, registry }: Pick<Core, 'database' | 'registry'>): Identify {
  const remembered = rememberUnderMark<Known | undefined>(mostRemembered)
  const read = async (tenant: string, agent: string | null): Promise<Known | undefined> => {
    const [row] = await database.read<Row>(tenant, rowOf(tenant, agent))
    return row && { definition: definitionOf(row, registry), channels: row.channels }
  }
  return async (tenant, agent, surface, mark) => {
    const known = await remembered(`${tenant} ${agent}`, mark, () => read(tenant, agent))
    if (!known) return agent === null ? plainAssistant : undefined
    return known.channels.includes(surface as never) ? known.definition : undefined
  }
}

interface Known {
  readonly definition: AgentDefinition
  readonly channels: Agent['channels']
}

function rowOf(tenant: string, agent: string | null): Statement {
  const chosen = agent === null ? sql`a.is_default` : sql`a.id = ${agent}`
  return prepared(
    agent === null ? 'tekup_default_agent' : 'tekup_agent',
    sql`SELECT a.id, a.name, a.instructions, a.model_id AS "modelId", a.allowed, a.asked, a.denied, a.channels
      FROM agents.agents a WHERE a.tenant_id = ${tenant} AND ${chosen}`,
  )
}

const definitionOf = (row: Row, { operations }: Core['registry']): AgentDefinition => {
  const { id, name, instructions, modelId } = row
  return { id, name, instructions, modelId, rules: rulesOf(row, operations) }
}

/** A company that was founded before it could have agents has one all the same. */
const plainAssistant: AgentDefinition = {
  id: 'assistant',
  name: 'TekUp',
  instructions: '',
  modelId: null,
  rules: { denies: () => false, asks: () => false },
}
