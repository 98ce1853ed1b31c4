import { api, queryString } from '#lib/api/client.ts'
import type { Feedback, Page, Verdict } from '#lib/api/types.ts'
import { session } from '#lib/session/session.svelte.ts'

/** What should have been done instead, as far as the reader says it. */
export type Correction = { operation?: string | undefined; comment?: string | undefined }

/** What the reader thinks of the answers of one conversation, by answer. */
export class Verdicts {
  of = $state<Record<string, Verdict>>({})

  static readonly areGiven = () => session.may('agents.feedback:write')

  async load(conversationId: string | undefined) {
    this.of = {}
    if (!conversationId || !session.may('agents.feedback:read')) return
    const query = queryString({ conversationId, limit: 200 })
    const page = await api<Page<Feedback>>(`/agents/feedback${query}`).catch(() => undefined)
    const own = page?.items.filter(({ personId }) => personId === session.current.person.id) ?? []
    this.of = { ...Object.fromEntries(own.map(({ messageId, verdict }) => [messageId, verdict])), ...this.of }
  }

  /** Said again, the latest word counts. */
  async give(messageId: string, verdict: Verdict, correction: Correction = {}) {
    const body = { messageId, verdict, ...correction }
    await api<Feedback>('/agents/feedback', { method: 'POST', body })
    this.of[messageId] = verdict
  }
}
