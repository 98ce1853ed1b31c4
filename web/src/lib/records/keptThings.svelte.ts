import { api } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Page } from '#lib/api/types.ts'
import type { MessageKey } from '#lib/messages/index.ts'
import type { Attempt } from '#lib/ui/attempt.svelte.ts'

type Thing = { id: string; name: string; version: number }

/** What is said around the list. */
export type ListWords = Readonly<Record<'title' | 'lead' | 'add' | 'none' | 'noneHint', MessageKey>>

/** What one does with a thing of the list. */
export type Acts = { edit: () => void; remove: () => void; attempt: Attempt['run'] }

/** What the form is given that changes a thing, or makes one where there is none before. */
export type Filling<Kept> = {
  before: Kept | undefined
  close: () => void
  save: (input: object) => Promise<void>
}

/** The few things of a kind that a company keeps, such as its rules: all of them at once, made, changed and deleted in place. */
export class KeptThings<Kept extends Thing> {
  items = $state.raw<Kept[]>()
  problem = $state<unknown>()
  readonly #latest = new Latest()
  /** Their address below /api/v1. */
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  async load() {
    const isLatest = this.#latest.ask()
    this.problem = undefined
    try {
      const { items } = await api<Page<Kept>>(`${this.path}?limit=200`)
      if (isLatest()) this.items = items
    } catch (error) {
      if (isLatest() && !this.items) this.problem = error
    }
  }

  /** Makes one, or changes the one given; throws `version_conflict` when someone else was first. */
  async save(input: object, before?: Kept): Promise<Kept> {
    const saved = before
      ? await api<Kept>(`${this.path}/${before.id}`, {
          method: 'PATCH',
          body: { ...input, version: before.version },
        })
      : await api<Kept>(this.path, { method: 'POST', body: input })
    await this.load()
    return saved
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove({ id, version }: Kept, confirmation?: string) {
    const headers = { 'if-match': `"${version}"` }
    await api(`${this.path}/${id}`, { method: 'DELETE', headers, confirmation })
    await this.load()
  }
}
