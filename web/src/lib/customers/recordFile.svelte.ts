import { api, isAborted, send } from '#lib/api/client.ts'
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

  readonly #path: string
  #etag = ''
  readonly #aborter = new AbortController()

  constructor(kind: Kind, id: string) {
    this.#path = `/crm/${kind.resource}/${encodeURIComponent(id)}`
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
