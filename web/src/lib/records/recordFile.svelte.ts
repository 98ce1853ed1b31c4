import { api, ApiError, isAborted, send } from '#lib/api/client.ts'
import { forgetLists } from './pagedList.svelte.ts'

/** One record with all that is kept about it. Each part comes when it comes; the head never waits for the rest. */
export abstract class RecordFile<Item extends { id: string; name: string }> {
  record = $state.raw<Item>()
  problem = $state<unknown>()

  /** What is followed of it. */
  readonly topics: readonly string[]
  /** Its own address below /api/v1. */
  protected readonly path: string
  protected readonly signal: AbortSignal
  readonly #aborter = new AbortController()
  #etag = ''
  #behind = false

  constructor(path: string, topics: readonly string[]) {
    this.path = path
    this.topics = topics
    this.signal = this.#aborter.signal
  }

  /** Reads what is kept beside the record. */
  protected abstract loadRest(): Promise<void>

  /** Reads it again, in place. */
  protected refreshRest(): Promise<void> {
    return this.loadRest()
  }

  async load() {
    this.problem = undefined
    try {
      await Promise.all([this.loadRecord(), this.loadRest()])
    } catch (error) {
      if (!isAborted(error)) this.problem = error
    }
  }

  /** Reads again what is shown, in place; `isHeld` says that the record is being worked on as it was read. */
  async refresh(isHeld: () => boolean) {
    this.#behind = true
    try {
      await this.catchUp(isHeld)
      await this.refreshRest()
      this.problem = undefined
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error
      this.problem = error
    }
  }

  /** Takes what was held back while the record was worked on. */
  async catchUp(isHeld: () => boolean) {
    if (!this.#behind || isHeld()) return
    const response = await send(this.path, { signal: this.signal })
    if (isHeld()) return
    this.#behind = false
    await this.#take(response)
  }

  async loadRecord() {
    await this.#take(await send(this.path, { signal: this.signal }))
  }

  /** Saves a change of the record as it was read; throws `version_conflict` when someone else was first. */
  async change(input: object) {
    const headers = { 'if-match': this.#etag }
    await this.#take(await send(this.path, { method: 'PATCH', body: input, headers }))
    forgetLists()
  }

  /** Deletes it for good. The first call, without a token, throws `confirmation_required` with the sentence to confirm. */
  async remove(confirmation?: string) {
    await api(this.path, { method: 'DELETE', confirmation })
    forgetLists()
  }

  close() {
    this.#aborter.abort()
  }

  async #take(response: Response) {
    this.#etag = response.headers.get('etag') ?? '*'
    this.record = (await response.json()) as Item
  }
}
