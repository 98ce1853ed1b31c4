import { api, isAborted, queryString } from '#lib/api/client.ts'
import type { Page } from '#lib/api/types.ts'

const pageSize = 50
/** What the server counts at most: a total of it is that many or more. */
export const mostCounted = 10_000
/** Queries whose rows are kept, so that going back shows them at once and in place. */
const keptQueries = 20
/** Rows that are read again by themselves when something has changed. */
const mostRefreshed = 500

type Rows = { items: unknown[]; nextCursor: string | null; total: number }
const kept = new Map<string, Rows>()

/** Forgets the rows that were read, after a change that may move them. */
export function forgetLists() {
  kept.clear()
}

/** The rows of one query, read page by page. Rows stay on screen until those of the next query are there. */
export class PagedList<Item> {
  items = $state.raw<Item[]>([])
  nextCursor = $state<string | null>(null)
  /** How many there are on all pages. */
  total = $state(0)
  /** No rows have come yet, so a skeleton stands in for them. */
  waiting = $state(true)
  loadingMore = $state(false)
  problem = $state<unknown>()

  /** The list's address below /api/v1. */
  readonly path: string
  #query: Record<string, string> | undefined
  #aborter = new AbortController()
  #reading: Promise<void> | undefined

  constructor(path: string) {
    this.path = path
  }

  /** Shows a query: what was read before at once, and what the server says as soon as it says it. */
  async show(query: Record<string, string>) {
    this.#aborter.abort()
    this.#aborter = new AbortController()
    this.#query = query
    this.problem = undefined
    const known = kept.get(this.#address(query))
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

  /** Reads again what is shown, in place: rows stay where they are until all of them have come. */
  async refresh(): Promise<void> {
    // What is being read may be older than what happened.
    await this.#reading
    const query = this.#query
    const { signal } = this.#aborter
    const shown = this.items.length
    if (!query || shown > mostRefreshed) return
    try {
      const items: Item[] = []
      let cursor: string | null = null
      let total = 0
      do {
        const page: Page<Item> = await api(this.#address(query, cursor), { signal })
        items.push(...page.items)
        cursor = page.nextCursor
        total = page.total ?? total
      } while (cursor && items.length < shown)
      if (signal.aborted) return
      if (this.loadingMore || this.items.length > shown) return await this.refresh()
      forgetLists()
      const rows = { items, nextCursor: cursor, total }
      keep(this.#address(query), rows)
      this.#take(rows)
    } catch (error) {
      // What is shown stays, a moment old; whoever asked may ask again.
      if (!isAborted(error)) throw error
    }
  }

  retry() {
    if (this.#query) this.show(this.#query)
  }

  close() {
    this.#aborter.abort()
  }

  #address(query: Record<string, string>, cursor: string | null = null): string {
    return `${this.path}${queryString({ ...query, limit: pageSize, cursor, count: cursor ? undefined : 'true' })}`
  }

  #read(query: Record<string, string>, cursor: string | null): Promise<void> {
    return (this.#reading = this.#fetch(query, cursor))
  }

  async #fetch(query: Record<string, string>, cursor: string | null) {
    const { signal } = this.#aborter
    try {
      const page = await api<Page<Item>>(this.#address(query, cursor), { signal })
      // An answer that came whole just before the next question was asked is stale as well.
      if (signal.aborted) return
      const items = cursor ? [...this.items, ...page.items] : page.items
      const rows = { items, nextCursor: page.nextCursor, total: page.total ?? this.total }
      keep(this.#address(query), rows)
      this.#take(rows)
    } catch (error) {
      if (!isAborted(error)) this.problem = error
    }
  }

  #take({ items, nextCursor, total }: Rows) {
    this.items = items as Item[]
    this.nextCursor = nextCursor
    this.total = total
    this.waiting = false
    this.problem = undefined
  }
}

function keep(key: string, rows: Rows) {
  kept.delete(key)
  kept.set(key, rows)
  const oldest = kept.keys().next().value
  if (kept.size > keptQueries && oldest !== undefined) kept.delete(oldest)
}
