import { api, ApiError, isAborted, send } from '#lib/api/client.ts'
import { History, type Subject } from './history.svelte.ts'
import { forgetLists } from './pagedList.svelte.ts'

type Kind = { resource: 'contacts' | 'companies'; subject: (id: string) => Subject }

export const contactKind: Kind = { resource: 'contacts', subject: (contactId) => ({ contactId }) }
export const companyKind: Kind = { resource: 'companies', subject: (companyId) => ({ companyId }) }

/** One contact or company with all that is kept about it. Each part comes when it comes; the head never waits for the rest. */
export class RecordFile<Item extends { id: string; name: string }> {
  record = $state.raw<Item>()
  problem = $state<unknown>()
  readonly history: History

  /** What is followed of it. */
  readonly topics: readonly string[]
  readonly #path: string
  #etag = ''
  #behind = false
  readonly #aborter = new AbortController()

  constructor(kind: Kind, id: string) {
    this.#path = `/crm/${kind.resource}/${encodeURIComponent(id)}`
    this.topics = [`crm.${kind.resource}/${id}`, 'crm.activities', 'crm.tasks', 'crm.deals']
    this.history = new History(kind.subject(id), this.#aborter.signal)
  }

  async load() {
    this.problem = undefined
    try {
      await Promise.all([this.loadRecord(), this.history.load()])
    } catch (error) {
      if (!isAborted(error)) this.problem = error
    }
  }

  /** Reads again what is shown, in place; `isHeld` says that the record is being worked on as it was read. */
  async refresh(isHeld: () => boolean) {
    this.#behind = true
    try {
      await this.catchUp(isHeld)
      await this.history.refresh()
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.problem = error
    }
  }

  /** Takes what was held back while the record was worked on. */
  async catchUp(isHeld: () => boolean) {
    if (!this.#behind || isHeld()) return
    const response = await send(this.#path, { signal: this.#aborter.signal })
    if (isHeld()) return
    this.#behind = false
    await this.#take(response)
  }

  async loadRecord() {
    await this.#take(await send(this.#path, { signal: this.#aborter.signal }))
  }

  /** Saves a change of the record as it was read; throws `version_conflict` when someone else was first. */
  async change(input: object) {
    const headers = { 'if-match': this.#etag }
    await this.#take(await send(this.#path, { method: 'PATCH', body: input, headers }))
    forgetLists()
  }

  /** Deletes it for good. The first call, without a token, throws `confirmation_required` with the sentence to confirm. */
  async remove(confirmation?: string) {
    await api(this.#path, { method: 'DELETE', headers: confirmation ? { 'x-confirm': confirmation } : {} })
    forgetLists()
  }

  /** After something was logged: the day of last contact has moved. */
  async contacted() {
    forgetLists()
    await this.loadRecord()
  }

  close() {
    this.#aborter.abort()
  }

  async #take(response: Response) {
    this.#etag = response.headers.get('etag') ?? '*'
    this.record = (await response.json()) as Item
  }
}
