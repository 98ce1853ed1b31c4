import { api, queryString } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Page } from '#lib/api/types.ts'
import type { Submission } from './types.ts'

const path = '/leads/submissions'
const pageSize = 50

/** What came in and was not believed at once, the latest first. */
export class Quarantine {
  items = $state.raw<Submission[]>()
  nextCursor = $state<string | null>(null)
  problem = $state<unknown>()
  readonly #latest = new Latest()

  async load() {
    const isLatest = this.#latest.ask()
    this.problem = undefined
    try {
      const page = await waiting(null)
      if (isLatest()) Object.assign(this, { items: page.items, nextCursor: page.nextCursor })
    } catch (error) {
      if (isLatest() && !this.items) this.problem = error
    }
  }

  async more() {
    const isLatest = this.#latest.ask()
    const page = await waiting(this.nextCursor)
    if (!isLatest()) return
    this.items = [...(this.items ?? []), ...page.items]
    this.nextCursor = page.nextCursor
  }

  /** Makes a lead of it; answers which. */
  async accept({ id }: Submission): Promise<{ id: string; name: string }> {
    const lead = await api<{ id: string; name: string }>(`${path}/${id}/accept`, { method: 'POST', body: {} })
    await this.load()
    return lead
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove({ id }: Submission, confirmation?: string) {
    await api(`${path}/${id}`, { method: 'DELETE', confirmation })
    await this.load()
  }
}

const waiting = (cursor: string | null): Promise<Page<Submission>> =>
  api(`${path}${queryString({ status: 'quarantined', limit: pageSize, cursor })}`)
