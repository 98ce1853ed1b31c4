import { api } from '#lib/api/client.ts'
import type { Note, Page } from '#lib/api/types.ts'

/** The notes of one kind: the reader's own memories, or the company's guidelines. */
export class Notes {
  items = $state.raw<Note[]>()
  problem = $state<unknown>()
  readonly #path: string

  constructor(kind: 'memories' | 'guidelines') {
    this.#path = `/agents/${kind}`
  }

  async load() {
    this.problem = undefined
    try {
      this.items = (await api<Page<Note>>(`${this.#path}?limit=100`)).items
    } catch (error) {
      this.problem = error
    }
  }

  async add(text: string) {
    await api<Note>(this.#path, { method: 'POST', body: { text } })
    await this.load()
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove({ id }: Note, confirmation?: string) {
    await api(`${this.#path}/${id}`, { method: 'DELETE', confirmation })
    await this.load()
  }
}
