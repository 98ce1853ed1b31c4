import { api } from '#lib/api/client.ts'
import type { Page } from '#lib/api/types.ts'

type Thing = { id: string; name: string; version: number }

/** The few things of a kind that a company keeps, such as its rules: all of them at once, made, changed and deleted in place. */
export class KeptThings<Kept extends Thing> {
  items = $state.raw<Kept[]>()
  problem = $state<unknown>()
  /** Their address below /api/v1. */
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  async load() {
    this.problem = undefined
    try {
      this.items = (await api<Page<Kept>>(`${this.path}?limit=200`)).items
    } catch (error) {
      if (!this.items) this.problem = error
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
    const headers: Record<string, string> = { 'if-match': `"${version}"` }
    if (confirmation) headers['x-confirm'] = confirmation
    await api(`${this.path}/${id}`, { method: 'DELETE', headers })
    await this.load()
  }
}
