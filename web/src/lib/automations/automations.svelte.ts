import { api, queryString } from '#lib/api/client.ts'
import { Latest } from '#lib/api/latest.ts'
import type {
  Automation,
  AutomationInput,
  AutomationRun,
  AutomationSwitch,
  AutomationTrial,
  EventField,
  EventKind,
  OperationForm,
  Page,
  WholeAutomation,
} from '#lib/api/types.ts'

const path = '/platform/automations'

/** The automations of the company, the events they can follow, and the switch that stops all of them. */
export class Automations {
  items = $state.raw<Automation[]>()
  events = $state.raw<EventKind[]>([])
  all = $state.raw<AutomationSwitch>({ stopped: false, stoppedAt: null, stoppedByName: null })
  problem = $state<unknown>()
  readonly #latest = new Latest()

  async load() {
    const isLatest = this.#latest.ask()
    this.problem = undefined
    try {
      const [{ items }, all, events] = await Promise.all([
        api<Page<Automation>>(`${path}?limit=200`),
        api<AutomationSwitch>('/platform/automationSwitch'),
        this.events.length > 0 ? this.events : loadEvents(),
      ])
      if (isLatest()) Object.assign(this, { items, all, events })
    } catch (error) {
      if (isLatest()) this.problem = error
    }
  }

  eventTitle(name: string): string {
    return this.events.find((event) => event.name === name)?.title ?? name
  }

  /** What is known of an event that the company's parts tell of; nothing of one whose part is switched off. */
  fieldsOf(name: string): readonly EventField[] {
    return this.events.find((event) => event.name === name)?.fields ?? []
  }

  whole(id: string): Promise<WholeAutomation> {
    return api(`${path}/${id}`)
  }

  /** Makes an automation, or changes the one given; either way a person has to approve it. */
  async save(input: AutomationInput, before?: Automation): Promise<Automation> {
    const saved = before
      ? await api<Automation>(`${path}/${before.id}`, {
          method: 'PATCH',
          body: { ...input, version: before.version },
        })
      : await api<Automation>(path, { method: 'POST', body: input })
    await this.load()
    return saved
  }

  /** Says yes to exactly what was shown. */
  async approve({ id, hash }: WholeAutomation, accept: string[]) {
    await this.#change(`${path}/${id}/approve`, { hash, accept })
  }

  async disable({ id }: Automation) {
    await this.#change(`${path}/${id}/disable`, {})
  }

  async stopAll(stopped: boolean) {
    await this.#change(`${path}/${stopped ? 'stopAll' : 'resumeAll'}`, {})
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove({ id }: Automation, confirmation?: string) {
    await api(`${path}/${id}`, { method: 'DELETE', confirmation })
    await this.load()
  }

  async #change(address: string, body: object) {
    await api(address, { method: 'POST', body })
    await this.load()
  }
}

const loadEvents = async (): Promise<EventKind[]> => (await api<Page<EventKind>>('/platform/events')).items

/** What the automation would do on the latest events; nothing is done. */
export const tryOut = (id: string): Promise<{ items: AutomationTrial[]; matched: number }> =>
  api(`${path}/${id}/test`, { method: 'POST', body: {} })

export const runsAtOnce = 20

export const runsOf = (automationId: string, cursor?: string): Promise<Page<AutomationRun>> =>
  api(`/platform/automationRuns${queryString({ automationId, limit: runsAtOnce, cursor })}`)

export const formOf = (operation: string): Promise<OperationForm> =>
  api(`/platform/operations/${encodeURIComponent(operation)}`)
