import { api, queryString } from '#lib/api/client.ts'
import type { Agent, AgentDefinition, AgentVersion, Page } from '#lib/api/types.ts'
import { forgetAgents } from './agents.ts'

export type Change = { field: keyof AgentDefinition; before: unknown; after: unknown }

/** One agent with the versions that it has had. */
export class AgentFile {
  agent = $state.raw<Agent>()
  versions = $state.raw<AgentVersion[]>([])
  problem = $state<unknown>()

  async load(id: string) {
    this.problem = undefined
    try {
      const [agent, { items }] = await Promise.all([
        api<Agent>(`/agents/agents/${encodeURIComponent(id)}`),
        api<Page<AgentVersion>>(`/agents/versions${queryString({ agentId: id, limit: 100 })}`),
      ])
      this.agent = agent
      this.versions = items
    } catch (error) {
      this.problem = error
    }
  }

  /** Makes an agent, or changes the one that is open. Answers its id. */
  async save(definition: AgentDefinition): Promise<string> {
    const { id, version } = this.agent ?? {}
    const body = id ? { ...definition, version } : definition
    const path = id ? `/agents/agents/${id}` : '/agents/agents'
    const saved = await api<Agent>(path, { method: id ? 'PATCH' : 'POST', body })
    await this.#changed(saved.id)
    return saved.id
  }

  async restore(number: number) {
    await this.#act('restore', { number })
  }

  async makeDefault() {
    await this.#act('choose', {})
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove(confirmation?: string) {
    await api(`/agents/agents/${this.agent!.id}`, { method: 'DELETE', confirmation })
    forgetAgents()
  }

  async changes({ agentId, number }: { agentId: string; number: number }): Promise<Change[]> {
    const body = { agentId, from: number - 1, to: number }
    return (await api<{ changes: Change[] }>('/agents/versions/compare', { method: 'POST', body })).changes
  }

  async #act(verb: string, body: object) {
    const { id } = this.agent!
    await api(`/agents/agents/${id}/${verb}`, { method: 'POST', body })
    await this.#changed(id)
  }

  async #changed(id: string) {
    forgetAgents()
    if (this.agent) await this.load(id)
  }
}
