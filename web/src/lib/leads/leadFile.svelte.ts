import { api } from '#lib/api/client.ts'
import type { Page } from '#lib/api/types.ts'
import { forgetLists } from '#lib/records/pagedList.svelte.ts'
import { RecordFile } from '#lib/records/recordFile.svelte.ts'
import type { Consent, Conversion, Lead, LeadEvent, LeadPoint, LeadStatus } from './lead.ts'

/** One lead with what has happened to it, its points and what it has agreed to. */
export class LeadFile extends RecordFile<Lead> {
  history = $state.raw<LeadEvent[]>()
  points = $state.raw<LeadPoint[]>()
  consents = $state.raw<Consent[]>()
  readonly #id: string

  constructor(id: string) {
    super(`/leads/leads/${encodeURIComponent(id)}`, [`leads.leads/${id}`])
    this.#id = encodeURIComponent(id)
  }

  async move(status: LeadStatus, reason: string | undefined) {
    const body = { status, ...(reason && { reason }) }
    await this.#do('move', body)
  }

  async assign(ownerId: string | null) {
    await this.#do('assign', { ownerId })
  }

  preview(withDeal: boolean): Promise<Conversion> {
    return api(`${this.path}/preview`, { method: 'POST', body: { withDeal } })
  }

  async convert(wishes: object) {
    await this.#do('convert', wishes)
  }

  async withdraw(consent: Consent) {
    await api(`/leads/consents/${consent.id}/withdraw`, { method: 'POST', body: {} })
    await this.load()
  }

  /** A change stands in the history, and may move the points. */
  override async change(input: object) {
    await super.change(input)
    await this.loadRest()
  }

  async #do(verb: string, body: object) {
    await api(`${this.path}/${verb}`, { method: 'POST', body })
    forgetLists()
    await this.load()
  }

  protected override async loadRest() {
    const { signal } = this
    const [history, points, consents] = await Promise.all([
      api<Page<LeadEvent>>(`${this.path}/history`, { method: 'POST', body: {}, signal }),
      api<Page<LeadPoint>>(`${this.path}/score`, { method: 'POST', body: {}, signal }),
      api<Page<Consent>>(`/leads/consents?leadId=${this.#id}&limit=50`, { signal }),
    ])
    this.history = history.items
    this.points = points.items
    this.consents = consents.items
  }
}
