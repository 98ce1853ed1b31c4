import { api, queryString } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Page, Part, Setting, SettingValue } from '#lib/api/types.ts'
import { session } from '#lib/session/session.svelte.ts'

/** The parts of TekUp that the company has on or off. */
export class Parts {
  items = $state.raw<Part[]>()
  problem = $state<unknown>()
  readonly #latest = new Latest()

  async load() {
    const isLatest = this.#latest.ask()
    this.problem = undefined
    try {
      const { items } = await api<Page<Part>>('/platform/plugins')
      if (isLatest()) this.items = items
    } catch (error) {
      if (isLatest()) this.problem = error
    }
  }

  /** For everybody in the company; the reader's own menu follows at once. */
  async turn({ id }: Part, on: boolean) {
    await api(`/platform/plugins/${id}`, { method: 'PATCH', body: { on } })
    await Promise.all([this.load(), session.refresh()])
  }

  titlesOf = (ids: string[]): string[] =>
    ids.map((id) => this.items?.find((part) => part.id === id)?.title ?? id)
}

export const loadSettings = async (pluginId: string): Promise<Setting[]> =>
  (await api<Page<Setting>>(`/platform/settings${queryString({ pluginId })}`)).items

/** Null is the usual value again. Refused when somebody else has changed it since it was read. */
export const chooseSetting = (
  { id, version }: Pick<Setting, 'id' | 'version'>,
  value: SettingValue | null,
): Promise<Setting> =>
  api<Setting>(`/platform/settings/${id}`, {
    method: 'PATCH',
    body: { value },
    headers: { 'if-match': `"${version}"` },
  })
