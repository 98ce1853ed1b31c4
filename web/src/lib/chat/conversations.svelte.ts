import { api, queryString } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Conversation, Page } from '#lib/api/types.ts'

const pageSize = 30

/** The person's conversations, the latest first. */
export class ConversationList {
  items = $state<Conversation[]>([])
  nextCursor = $state<string | null>(null)
  loaded = $state(false)
  problem = $state<unknown>()
  readonly #latest = new Latest()

  async refresh() {
    await this.#take(null)
  }

  async more() {
    await this.#take(this.nextCursor)
  }

  async #take(cursor: string | null) {
    const isLatest = this.#latest.ask()
    try {
      const query = queryString({ limit: pageSize, sort: '-updatedAt', cursor })
      const page = await api<Page<Conversation>>(`/platform/conversations${query}`)
      if (!isLatest()) return
      this.items = cursor ? [...this.items, ...page.items] : page.items
      this.nextCursor = page.nextCursor
      this.problem = undefined
    } catch (error) {
      if (isLatest()) this.problem = error
    } finally {
      if (isLatest()) this.loaded = true
    }
  }
}
