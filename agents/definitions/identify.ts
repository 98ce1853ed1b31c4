import { prepared, sql, type AgentIdentity, type Core } from '#core'
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

/** The agent of this id, or the company's default one; nothing when it is gone or is not spoken to here. */
export async function identify(
  { database, registry }: Pick<Core, 'database' | 'registry'>,
  tenant: string,
  agent: string | null,
  surface: string,
): Promise<AgentDefinition | undefined> {
  const chosen = agent === null ? sql`a.is_default` : sql`a.id = ${agent}`
  const [row] = await database.read<Row>(
    tenant,
    prepared(
      agent === null ? 'tekup_default_agent' : 'tekup_agent',
      sql`SELECT a.id, a.name, a.instructions, a.model_id AS "modelId", a.allowed, a.asked, a.denied, a.channels
      FROM agents.agents a WHERE a.tenant_id = ${tenant} AND ${chosen}`,
    ),
  )
  if (!row) return agent === null ? plainAssistant : undefined
  if (!row.channels.includes(surface as never)) return undefined
  const { id, name, instructions, modelId } = row
  return { id, name, instructions, modelId, rules: rulesOf(row, registry.operations) }
}

/** A company that was founded before it could have agents has one all the same. */
const plainAssistant: AgentDefinition = {
  id: 'assistant',
  name: 'TekUp',
  instructions: '',
  modelId: null,
  rules: { denies: () => false, asks: () => false },
}
