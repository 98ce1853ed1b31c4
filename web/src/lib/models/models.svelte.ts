import { api } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { ModelSetting, ModelVendor, Page } from '#lib/api/types.ts'

export const vendors: ModelVendor[] = ['openai', 'azure', 'google']

/** What a form gives. What is undefined is left as it is; null is the vendor's own. */
export type ModelInput = {
  name: string
  vendor: ModelVendor
  model: string
  baseUrl: string | null | undefined
  apiVersion: string | null | undefined
  apiKey: string | undefined
}

export type TestResult = { id: string; verdict: string; sentence: string }

/** The company's language models in the order in which they are asked, and what the latest tests said. */
export class Models {
  items = $state.raw<ModelSetting[]>()
  problem = $state<unknown>()
  readonly #latest = new Latest()
  /** By model: what its test said, or that it runs. */
  tests = $state<Record<string, TestResult | 'running'>>({})

  async load() {
    const isLatest = this.#latest.ask()
    this.problem = undefined
    try {
      const { items } = await api<Page<ModelSetting>>('/agents/models')
      if (isLatest()) this.items = items
    } catch (error) {
      if (isLatest()) this.problem = error
    }
  }

  /** Adds a model, or changes the one given. Answers its id. */
  async save({ vendor, ...input }: ModelInput, before?: ModelSetting): Promise<string> {
    const { id } = before
      ? await api<ModelSetting>(`/agents/models/${before.id}`, { method: 'PATCH', body: { ...input, version: before.version } }) // prettier-ignore
      : await api<ModelSetting>('/agents/models', { method: 'POST', body: { ...input, vendor } })
    await this.load()
    return id
  }

  async test(id: string) {
    this.tests[id] = 'running'
    try {
      this.tests[id] = await api<TestResult>(`/agents/models/${id}/test`, { method: 'POST', body: {} })
      await this.load()
    } catch (error) {
      delete this.tests[id]
      throw error
    }
  }

  async move({ id }: ModelSetting, place: number) {
    await api(`/agents/models/${id}/move`, { method: 'POST', body: { place } })
    await this.load()
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove({ id }: ModelSetting, confirmation?: string) {
    await api(`/agents/models/${id}`, { method: 'DELETE', confirmation })
    await this.load()
  }
}
