import { api, isAborted, queryString, send } from '#lib/api/client.ts'
import type { Activity, Contact, ContactInput, Deal, Page, Task } from '#lib/api/types.ts'
import { forgetContactLists } from './contactList.svelte.ts'

const timelinePage = 20

/** One contact with all that is kept about it. Each part comes when it comes; the head never waits for the rest. */
export class ContactFile {
  contact = $state.raw<Contact>()
  activities = $state.raw<Activity[]>()
  deals = $state.raw<Deal[]>()
  tasks = $state.raw<Task[]>()
  olderActivities = $state<string | null>(null)
  problem = $state<unknown>()

  readonly id: string
  #etag = ''
  readonly #aborter = new AbortController()

  constructor(id: string) {
    this.id = id
  }

  async load() {
    this.problem = undefined
    try {
      await Promise.all([this.loadContact(), this.loadTimeline(), this.loadTasks(), this.#loadDeals()])
    } catch (error) {
      if (!isAborted(error)) this.problem = error
    }
  }

  async loadContact() {
    await this.#takeContact(await send(this.#path, this.#options))
  }

  async loadTimeline(cursor: string | null = null) {
    const page = await this.#list<Activity>('activities', { sort: '-at', limit: timelinePage, cursor })
    this.activities = cursor ? [...(this.activities ?? []), ...page.items] : page.items
    this.olderActivities = page.nextCursor
  }

  async loadTasks() {
    this.tasks = (await this.#list<Task>('tasks', { done: 'false', limit: 50 })).items
  }

  /** Saves a change of the contact as it was read; throws `version_conflict` when someone else was first. */
  async change(input: ContactInput) {
    const response = await send(this.#path, {
      method: 'PATCH',
      body: input,
      headers: { 'if-match': this.#etag },
    })
    await this.#takeContact(response)
    forgetContactLists()
  }

  /** Deletes it for good. The first call, without a token, throws `confirmation_required` with the sentence to confirm. */
  async remove(confirmation?: string) {
    await api(this.#path, { method: 'DELETE', headers: confirmation ? { 'x-confirm': confirmation } : {} })
    forgetContactLists()
  }

  async log(kind: 'note' | 'call', text: string) {
    await api('/crm/activities', { method: 'POST', body: { kind, ...splitText(text), contactId: this.id } })
    forgetContactLists()
    await Promise.all([this.loadTimeline(), this.loadContact()])
  }

  async addTask(title: string, dueOn: string | null) {
    await api('/crm/tasks', { method: 'POST', body: { title, dueOn, contactId: this.id } })
    await this.loadTasks()
  }

  async completeTask(task: Task) {
    await api(`/crm/tasks/${task.id}/complete`, { method: 'POST', body: {} })
    await this.loadTasks()
  }

  close() {
    this.#aborter.abort()
  }

  get #path() {
    return `/crm/contacts/${encodeURIComponent(this.id)}`
  }

  get #options() {
    return { signal: this.#aborter.signal }
  }

  async #takeContact(response: Response) {
    this.#etag = response.headers.get('etag') ?? '*'
    this.contact = (await response.json()) as Contact
  }

  async #loadDeals() {
    this.deals = (await this.#list<Deal>('deals', { status: 'open', limit: 20 })).items
  }

  #list<Item>(resource: string, query: Record<string, string | number | null>): Promise<Page<Item>> {
    return api(`/crm/${resource}${queryString({ contactId: this.id, ...query })}`, this.#options)
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
