import { api, queryString } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { OutsideServer, OutsideTool, Page } from '#lib/api/types.ts'

/** What a form gives; what is undefined is left as it is. */
export type ServerInput = {
  name: string
  url: string
  header: string | undefined
  key: string | undefined
}

/** The outside servers of the company, with the tools of those that were opened. */
export class Servers {
  items = $state.raw<OutsideServer[]>()
  problem = $state<unknown>()
  readonly #latest = new Latest()
  /** By server. */
  readonly #latestTools = new Map<string, Latest>()
  /** By server. */
  tools = $state<Record<string, OutsideTool[]>>({})

  async load() {
    const isLatest = this.#latest.ask()
    this.problem = undefined
    try {
      const { items } = await api<Page<OutsideServer>>('/agents/servers?limit=100')
      if (isLatest()) this.items = items
    } catch (error) {
      if (isLatest()) this.problem = error
    }
  }

  async loadTools(serverId: string) {
    const isLatest = this.#latestOf(serverId).ask()
    const query = queryString({ serverId, limit: 200 })
    const { items } = await api<Page<OutsideTool>>(`/agents/tools${query}`)
    if (isLatest()) this.tools[serverId] = items
  }

  /** Adds a server, or changes the one given. Answers its id. */
  async save(input: ServerInput, before?: OutsideServer): Promise<string> {
    const { id } = before
      ? await api<OutsideServer>(`/agents/servers/${before.id}`, { method: 'PATCH', body: { ...input, version: before.version } }) // prettier-ignore
      : await api<OutsideServer>('/agents/servers', { method: 'POST', body: input })
    await this.load()
    return id
  }

  async enable({ id, version }: OutsideServer, enabled: boolean) {
    await this.#change(id, `/agents/servers/${id}`, 'PATCH', { enabled, version })
  }

  /** Asks the server what tools it has; what is new or has changed waits for approval. */
  async refresh(id: string) {
    await this.#change(id, `/agents/servers/${id}/refresh`, 'POST', {})
  }

  /** Approves what is shown of these tools, and no change that came after it. */
  async approve(serverId: string, tools: OutsideTool[]) {
    const hashes = tools.flatMap(({ change }) => change?.hash ?? [])
    await this.#change(serverId, `/agents/servers/${serverId}/approve`, 'POST', { hashes })
  }

  async rule(
    { id, serverId, version }: OutsideTool,
    change: Partial<Pick<OutsideTool, 'allowed' | 'effect' | 'trusted'>>,
  ) {
    await this.#change(serverId, `/agents/tools/${id}`, 'PATCH', { ...change, version })
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove({ id }: OutsideServer, confirmation?: string) {
    await api(`/agents/servers/${id}`, { method: 'DELETE', confirmation })
    await this.load()
  }

  #latestOf(serverId: string): Latest {
    const latest = this.#latestTools.get(serverId) ?? new Latest()
    this.#latestTools.set(serverId, latest)
    return latest
  }

  async #change(serverId: string, path: string, method: 'POST' | 'PATCH', body: object) {
    await api(path, { method, body })
    await Promise.all([this.load(), this.loadTools(serverId)])
  }
}
