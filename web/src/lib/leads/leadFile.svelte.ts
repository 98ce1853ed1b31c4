import { untrack } from 'svelte'
import { api } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type { Page } from '#lib/api/types.ts'
import { History } from '#lib/customers/history.svelte.ts'
import { forgetLists } from '#lib/records/pagedList.svelte.ts'
import { RecordFile } from '#lib/records/recordFile.svelte.ts'
import { session } from '#lib/session/session.svelte.ts'
import type { Consent, Conversion, Lead, LeadEvent, LeadPoint, LeadStatus } from './lead.ts'

/** One lead with what has happened to it, its points, what it has agreed to, and what is to be done with its contact. */
export class LeadFile extends RecordFile<Lead> {
  history = $state.raw<LeadEvent[]>()
  points = $state.raw<LeadPoint[]>()
  consents = $state.raw<Consent[]>()
  /** What the CRM keeps of its contact, once it has one. */
  contact = $state.raw<History>()
  readonly #id: string
  readonly #latest = new Latest()

  constructor(id: string) {
    // A file is not made anew when the session is read again, as it is after a 404: that one would be read again, and so on.
    const mayFollowTasks = untrack(mayReadTasks)
    super(`/leads/leads/${encodeURIComponent(id)}`, [
      `leads.leads/${id}`,
      ...(mayFollowTasks ? ['crm.tasks'] : []),
    ])
    this.#id = encodeURIComponent(id)
  }

  override async loadRecord() {
    await super.loadRecord()
    await this.#loadTasks()
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
    const isLatest = this.#latest.ask()
    const [history, points, consents] = await Promise.all([
      api<Page<LeadEvent>>(`${this.path}/history`, { method: 'POST', body: {}, signal }),
      api<Page<LeadPoint>>(`${this.path}/score`, { method: 'POST', body: {}, signal }),
      api<Page<Consent>>(`/leads/consents?leadId=${this.#id}&limit=50`, { signal }),
    ])
    if (!isLatest()) return
    this.history = history.items
    this.points = points.items
    this.consents = consents.items
  }

  protected override async refreshRest() {
    await Promise.all([this.loadRest(), this.#loadTasks()])
  }

  async #loadTasks() {
    const contactId = this.record?.contactId
    if (!contactId || !mayReadTasks()) return
    this.contact ??= new History({ contactId }, this.signal)
    await this.contact.loadTasks()
  }
}

const mayReadTasks = () => session.has('crm') && session.may('crm.tasks:read')
