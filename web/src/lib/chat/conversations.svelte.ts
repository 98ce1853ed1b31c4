import { api, queryString } from '#lib/api/client.ts'
import type { Conversation, Page } from '#lib/api/types.ts'

const pageSize = 30

/** The person's conversations, the latest first. */
export class ConversationList {
  items = $state<Conversation[]>([])
  nextCursor = $state<string | null>(null)
  loaded = $state(false)
  problem = $state<unknown>()

  async refresh() {
    await this.#take(null)
  }

  async more() {
    await this.#take(this.nextCursor)
  }

  async #take(cursor: string | null) {
    try {
      const query = queryString({ limit: pageSize, sort: '-updatedAt', cursor })
      const page = await api<Page<Conversation>>(`/platform/conversations${query}`)
      this.items = cursor ? [...this.items, ...page.items] : page.items
      this.nextCursor = page.nextCursor
      this.problem = undefined
    } catch (error) {
      this.problem = error
    } finally {
      this.loaded = true
    }
  }
}
