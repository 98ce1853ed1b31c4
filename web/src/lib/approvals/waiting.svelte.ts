import { api, queryString } from '#lib/api/client.ts'
import type { Approval, Page } from '#lib/api/types.ts'

/** More than this is shown as "9+". */
const most = 10

/** How much waits for the reader's yes or no, for the menu. It is asked for now and then, and after each answer. */
class Waiting {
  count = $state(0)

  async refresh() {
    const page = await api<Page<Approval>>(
      `/platform/approvals${queryString({ status: 'pending', limit: most })}`,
    ).catch(() => undefined)
    if (page) this.count = page.items.length
  }
}

export const waiting = new Waiting()
