import { api, isAborted, queryString } from '#lib/api/client.ts'
import type { Contact, Page } from '#lib/api/types.ts'
import { addressOf, type ContactQuery } from './query.ts'

const pageSize = 50
/** Queries whose rows are kept, so that going back shows them at once and in place. */
const keptQueries = 20

type Rows = { items: Contact[]; nextCursor: string | null }
const kept = new Map<string, Rows>()

/** Forgets the rows that were read, after a change that may move them. */
export function forgetContactLists() {
  kept.clear()
}

/** The contacts of one query, read page by page. Rows stay on screen until those of the next query are there. */
export class ContactList {
  items = $state.raw<Contact[]>([])
  nextCursor = $state<string | null>(null)
  /** No rows have come yet, so a skeleton stands in for them. */
  waiting = $state(true)
  loadingMore = $state(false)
  problem = $state<unknown>()

  #query: ContactQuery | undefined
  #aborter = new AbortController()

  /** Shows a query: what was read before at once, and what the server says as soon as it says it. */
  async show(query: ContactQuery) {
    this.#aborter.abort()
    this.#aborter = new AbortController()
    this.#query = query
    this.problem = undefined
    const known = kept.get(addressOf(query))
    if (known) this.#take(known)
    // Rows beyond the first page are left as they are: reading only the first anew would pull them from under the reader.
    if (!known || known.items.length <= pageSize) await this.#read(query, null)
  }

  async more() {
    if (!this.#query || !this.nextCursor || this.loadingMore) return
    this.loadingMore = true
    await this.#read(this.#query, this.nextCursor)
    this.loadingMore = false
  }

  retry() {
    if (this.#query) this.show(this.#query)
  }

  close() {
    this.#aborter.abort()
  }

  async #read(query: ContactQuery, cursor: string | null) {
    const { signal } = this.#aborter
    try {
      const page = await api<Page<Contact>>(
        `/crm/contacts${queryString({ ...query, limit: pageSize, cursor })}`,
        { signal },
      )
      const rows = {
        items: cursor ? [...this.items, ...page.items] : page.items,
        nextCursor: page.nextCursor,
      }
      keep(query, rows)
      this.#take(rows)
    } catch (error) {
      if (!isAborted(error)) this.problem = error
    }
  }

  #take({ items, nextCursor }: Rows) {
    this.items = items
    this.nextCursor = nextCursor
    this.waiting = false
  }
}

function keep(query: ContactQuery, rows: Rows) {
  const key = addressOf(query)
  kept.delete(key)
  kept.set(key, rows)
  const oldest = kept.keys().next().value
  if (kept.size > keptQueries && oldest !== undefined) kept.delete(oldest)
}
