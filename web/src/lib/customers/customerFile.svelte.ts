import { forgetLists } from '#lib/records/pagedList.svelte.ts'
import { RecordFile } from '#lib/records/recordFile.svelte.ts'
import { History, type Subject } from './history.svelte.ts'

type Kind = { resource: 'contacts' | 'companies'; subject: (id: string) => Subject }

export const contactKind: Kind = { resource: 'contacts', subject: (contactId) => ({ contactId }) }
export const companyKind: Kind = { resource: 'companies', subject: (companyId) => ({ companyId }) }

/** One contact or company with what was said, sold and promised. */
export class CustomerFile<Item extends { id: string; name: string }> extends RecordFile<Item> {
  readonly history: History

  constructor({ resource, subject }: Kind, id: string) {
    super(`/crm/${resource}/${encodeURIComponent(id)}`, [
      `crm.${resource}/${id}`,
      'crm.activities',
      'crm.tasks',
      'crm.deals',
    ])
    this.history = new History(subject(id), this.signal)
  }

  /** After something was logged: the day of last contact has moved. */
  async contacted() {
    forgetLists()
    await this.loadRecord()
  }

  protected override loadRest() {
    return this.history.load()
  }

  protected override refreshRest() {
    return this.history.refresh()
  }
}
