import { api } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Page } from '#lib/api/types.ts'
import type { SlackApp, SlackManifest, SlackWorkspace } from './types.ts'

/** The workspaces that the company has connected, and Slack apps of its own. */
export class Workspaces {
  items = $state.raw<SlackWorkspace[]>()
  apps = $state.raw<SlackApp[]>([])
  problem = $state<unknown>()
  readonly #latest = new Latest()

  async load() {
    const isLatest = this.#latest.ask()
    this.problem = undefined
    try {
      const [workspaces, apps] = await Promise.all([
        api<Page<SlackWorkspace>>('/slack/workspaces?limit=200'),
        api<Page<SlackApp>>('/slack/apps?limit=200'),
      ])
      if (!isLatest()) return
      this.items = workspaces.items
      this.apps = apps.items
    } catch (error) {
      if (isLatest() && !this.items) this.problem = error
    }
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async disconnect({ id }: SlackWorkspace, confirmation?: string) {
    await api(`/slack/workspaces/${id}/disconnect`, { method: 'POST', body: {}, confirmation })
    await this.load()
  }

  async removeApp({ id }: SlackApp, confirmation?: string) {
    await api(`/slack/apps/${id}`, { method: 'DELETE', confirmation })
    await this.load()
  }

  async addApp(input: object) {
    await api('/slack/apps', { method: 'POST', body: input })
    await this.load()
  }
}

/** What Slack makes the app from; with the id of an app of the company's own, for that one. */
export const readManifest = (app?: string): Promise<SlackManifest> =>
  api<SlackManifest>('/slack/apps/manifest', {
    method: 'POST',
    body: { address: location.origin, ...(app !== undefined && { app }) },
  })
