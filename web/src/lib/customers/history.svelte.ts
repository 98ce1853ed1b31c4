import { api, queryString } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Activity, Deal, Page, Task } from '#lib/api/types.ts'

const timelinePage = 20

/** Whom it is about. */
export type Subject = { contactId: string } | { companyId: string }

/** What was said and done with a customer, what is under way, and what is to be done. */
export class History {
  activities = $state.raw<Activity[]>()
  deals = $state.raw<Deal[]>()
  tasks = $state.raw<Task[]>()
  older = $state<string | null>(null)

  readonly #subject: Subject
  readonly #signal: AbortSignal
  readonly #timelines = new Latest()
  readonly #taskLists = new Latest()
  #isFetchingOlder = false

  constructor(subject: Subject, signal: AbortSignal) {
    this.#subject = subject
    this.#signal = signal
  }

  async load() {
    await Promise.all([this.loadTimeline(), this.loadTasks(), this.#loadDeals()])
  }

  /** Older entries that the reader has fetched, or is fetching, stay as they are. */
  async refresh() {
    const isFirstPage = (this.activities?.length ?? 0) <= timelinePage && !this.#isFetchingOlder
    await Promise.all([isFirstPage && this.loadTimeline(), this.loadTasks(), this.#loadDeals()])
  }

  async loadOlder() {
    if (this.#isFetchingOlder) return
    this.#isFetchingOlder = true
    await this.loadTimeline(this.older).finally(() => (this.#isFetchingOlder = false))
  }

  async loadTimeline(cursor: string | null = null) {
    const isLatest = this.#timelines.ask()
    const page = await this.#list<Activity>('activities', { sort: '-at', limit: timelinePage, cursor })
    if (!isLatest()) return
    this.activities = cursor ? [...(this.activities ?? []), ...page.items] : page.items
    this.older = page.nextCursor
  }

  async loadTasks() {
    const isLatest = this.#taskLists.ask()
    const { items } = await this.#list<Task>('tasks', { done: 'false', limit: 50 })
    if (isLatest()) this.tasks = items
  }

  async log(kind: 'note' | 'call' | 'meeting', text: string) {
    await api('/crm/activities', { method: 'POST', body: { kind, ...splitText(text), ...this.#subject } })
    await this.loadTimeline()
  }

  async addTask(title: string, dueOn: string | null) {
    await api('/crm/tasks', { method: 'POST', body: { title, dueOn, ...this.#subject } })
    await this.loadTasks()
  }

  async completeTask(task: Task) {
    await api(`/crm/tasks/${task.id}/complete`, { method: 'POST', body: {} })
    await this.loadTasks()
  }

  async #loadDeals() {
    this.deals = (await this.#list<Deal>('deals', { limit: 50 })).items
  }

  #list<Item>(resource: string, query: Record<string, string | number | null>): Promise<Page<Item>> {
    return api(`/crm/${resource}${queryString({ ...this.#subject, ...query })}`, { signal: this.#signal })
  }
}

const longestSubject = 200

/** A first line becomes the subject and the rest the body, as a timeline reads best. */
function splitText(text: string): { subject: string; body: string | null } {
  const [first = '', ...rest] = text.trim().split('\n')
  const isShort = first.length <= longestSubject
  const subject = isShort ? first.trim() : `${first.slice(0, longestSubject).trim()}…`
  const body = isShort ? rest.join('\n').trim() : text.trim()
  return { subject, body: body || null }
}
