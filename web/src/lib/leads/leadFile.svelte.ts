import { api, isAborted, send } from '#lib/api/client.ts'
import type { Page } from '#lib/api/types.ts'
import { forgetLists } from '#lib/customers/pagedList.svelte.ts'
import type { Consent, Conversion, Lead, LeadEvent, LeadPoint, LeadStatus } from './lead.ts'

/** One lead with what has happened to it, its points and what it has agreed to. */
export class LeadFile {
  lead = $state.raw<Lead>()
  history = $state.raw<LeadEvent[]>()
  points = $state.raw<LeadPoint[]>()
  consents = $state.raw<Consent[]>()
  problem = $state<unknown>()

  readonly #path: string
  readonly #id: string
  #etag = ''
  readonly #aborter = new AbortController()

  constructor(id: string) {
    this.#id = encodeURIComponent(id)
    this.#path = `/leads/leads/${this.#id}`
  }

  async load() {
    this.problem = undefined
    try {
      await Promise.all([this.#loadLead(), this.#loadRest()])
    } catch (error) {
      if (!isAborted(error)) this.problem = error
    }
  }

  async move(status: LeadStatus, reason: string | undefined) {
    const body = { status, ...(reason && { reason }) }
    await this.#do('move', body)
  }

  async assign(ownerId: string | null) {
    await this.#do('assign', { ownerId })
  }

  preview(withDeal: boolean): Promise<Conversion> {
    return api(`${this.#path}/preview`, { method: 'POST', body: { withDeal } })
  }

  async convert(wishes: object) {
    await this.#do('convert', wishes)
  }

  async withdraw(consent: Consent) {
    await api(`/leads/consents/${consent.id}/withdraw`, { method: 'POST', body: {} })
    await this.load()
  }

  /** Saves a change of the lead as it was read; throws `version_conflict` when someone else was first. */
  async change(input: object) {
    await api(this.#path, { method: 'PATCH', body: input, headers: { 'if-match': this.#etag } })
    forgetLists()
    await this.load()
  }

  /** Deletes it for good. The first call, without a token, throws `confirmation_required` with the sentence to confirm. */
  async remove(confirmation?: string) {
    await api(this.#path, { method: 'DELETE', headers: confirmation ? { 'x-confirm': confirmation } : {} })
    forgetLists()
  }

  close() {
    this.#aborter.abort()
  }

  async #do(verb: string, body: object) {
    await api(`${this.#path}/${verb}`, { method: 'POST', body })
    forgetLists()
    await this.load()
  }

  async #loadLead() {
    const response = await send(this.#path, { signal: this.#aborter.signal })
    this.#etag = response.headers.get('etag') ?? '*'
    this.lead = (await response.json()) as Lead
  }

  async #loadRest() {
    const { signal } = this.#aborter
    const [history, points, consents] = await Promise.all([
      api<Page<LeadEvent>>(`${this.#path}/history`, { method: 'POST', body: {}, signal }),
      api<Page<LeadPoint>>(`${this.#path}/score`, { method: 'POST', body: {}, signal }),
      api<Page<Consent>>(`/leads/consents?leadId=${this.#id}&limit=50`, { signal }),
    ])
    this.history = history.items
    this.points = points.items
    this.consents = consents.items
  }
}
