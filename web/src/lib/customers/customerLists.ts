import { anything, type ListKind } from '#lib/records/listQuery.ts'

export const sortableColumns = ['name', 'lastContactAt', 'createdAt'] as const
const sorts = ['name', '-name', 'lastContactAt', '-lastContactAt', 'createdAt', '-createdAt'] as const
const filters = { ownerId: anything, tag: anything }

/** What every list of customers is narrowed by. */
export type CustomerFilter = keyof typeof filters

export const contactLists: ListKind<CustomerFilter | 'companyId'> = {
  at: '/contacts',
  sorts,
  filters: { ...filters, companyId: anything },
}
export const companyLists: ListKind<CustomerFilter> = { at: '/companies', sorts, filters }

/** A row shows its company, its people and when they were last spoken with. */
export const customerTopics = ['crm.contacts', 'crm.companies', 'crm.activities']
