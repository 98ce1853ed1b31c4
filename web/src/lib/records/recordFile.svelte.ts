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
  #asked = 0
  #taken = 0
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
    const asked = ++this.#asked
    const response = await send(this.path, { signal: this.signal })
    if (isHeld()) return
    this.#behind = false
    await this.#take(response, asked)
  }

  async loadRecord() {
    const asked = ++this.#asked
    await this.#take(await send(this.path, { signal: this.signal }), asked)
  }

  /** Saves a change of the record as it was read; throws `version_conflict` when someone else was first. */
  async change(input: object) {
    const headers = { 'if-match': this.#etag }
    const response = await send(this.path, { method: 'PATCH', body: input, headers })
    await this.#take(response, ++this.#asked)
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

  /** The answer to an earlier question may come later, and knows nothing of what was saved meanwhile. */
  async #take(response: Response, asked: number) {
    const record = (await response.json()) as Item
    if (asked < this.#taken) return
    this.#taken = asked
    this.#etag = response.headers.get('etag') ?? '*'
    this.record = record
  }
}
