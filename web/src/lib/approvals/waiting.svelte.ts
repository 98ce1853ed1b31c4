import { api, queryString } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Approval, Page } from '#lib/api/types.ts'

/** More than this is shown as "9+". */
const most = 10

/** How much waits for the reader's yes or no, for the menu. It is asked for now and then, and after each answer. */
class Waiting {
  count = $state(0)
  readonly #latest = new Latest()

  async refresh() {
    const isLatest = this.#latest.ask()
    const page = await api<Page<Approval>>(
      `/platform/approvals${queryString({ status: 'pending', limit: most })}`,
    ).catch(() => undefined)
    if (page && isLatest()) this.count = page.items.length
  }
}

export const waiting = new Waiting()
