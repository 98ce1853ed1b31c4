import { api, queryString } from '#lib/api/client.ts'
import type { Job, JobFigure, JobKind, JobStatus, Page } from '#lib/api/types.ts'
import { session } from '#lib/session/session.svelte.ts'

const path = '/platform/jobs'
const pageSize = 50
/** Rows that are read again by themselves when something has changed. */
const mostRefreshed = 200

export type JobQuery = { status: JobStatus | ''; name: string }

/** The background jobs that are shown, how many there are of each state, and what they are called. */
export class Jobs {
  items = $state.raw<Job[]>()
  kinds = $state.raw<JobKind[]>([])
  figures = $state.raw<JobFigure[]>([])
  nextCursor = $state<string | null>(null)
  problem = $state<unknown>()
  #query: JobQuery = { status: '', name: '' }
  #asked = 0

  /** Shows what is asked for; rows of another question stay until these have come. */
  async show(query: JobQuery) {
    this.#query = query
    this.problem = undefined
    await this.#read(pageSize)
  }

  /** Reads again what is shown, in place. */
  async refresh() {
    if (this.items) await this.#read(Math.min(mostRefreshed, Math.max(pageSize, this.items.length)))
    else await this.show(this.#query)
  }

  async more() {
    const mine = ++this.#asked
    const page = await listed(this.#query, pageSize, this.nextCursor)
    if (mine !== this.#asked) return
    this.items = [...(this.items ?? []), ...page.items]
    this.nextCursor = page.nextCursor
  }

  titleOf(name: string): string {
    return this.kinds.find((kind) => kind.name === name)?.title ?? name
  }

  /** How many there are in a state, of one kind or of all. */
  count(status: JobStatus, name = ''): number {
    const counted = this.figures.filter((each) => each.status === status && (!name || each.name === name))
    return counted.reduce((sum, { jobs }) => sum + jobs, 0)
  }

  async drain(name: string): Promise<number> {
    const { cancelled } = await api<{ cancelled: number }>(`${path}/drain`, {
      method: 'POST',
      body: { name },
    })
    await this.refresh()
    return cancelled
  }

  async #read(limit: number) {
    const mine = ++this.#asked
    try {
      const [page, figures, kinds] = await Promise.all([
        listed(this.#query, limit),
        session.may('platform.jobStatistics:read')
          ? api<Page<JobFigure>>('/platform/jobStatistics')
          : { items: [] },
        this.kinds.length > 0
          ? { items: this.kinds }
          : api<Page<JobKind>>(`${path}/kinds`, { method: 'POST', body: {} }),
      ])
      // The answer to an earlier question may come later.
      if (mine !== this.#asked) return
      Object.assign(this, { ...page, figures: figures.items, kinds: kinds.items, problem: undefined })
    } catch (error) {
      if (mine === this.#asked && !this.items) this.problem = error
    }
  }
}

const listed = (query: JobQuery, limit: number, cursor: string | null = null): Promise<Page<Job>> =>
  api(`${path}${queryString({ ...query, limit, cursor })}`)

export const retryJob = ({ id }: Job): Promise<Job> =>
  api(`${path}/${id}/retry`, { method: 'POST', body: {} })

export const cancelJob = ({ id }: Job): Promise<Job> =>
  api(`${path}/${id}/cancel`, { method: 'POST', body: {} })
