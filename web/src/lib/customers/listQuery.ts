import { queryString } from '#lib/api/queryString.ts'

/** What a list shows; kept in the address, so that a link, a reload and the back button show the same. */
export type ListQuery = {
  q: string
  sort: string
  companyId: string
  ownerId: string
  tag: string
}

export const sortableColumns = ['name', 'lastContactAt', 'createdAt'] as const
export type SortableColumn = (typeof sortableColumns)[number]
const defaultSort = 'name'

const sorts = sortableColumns.flatMap((column) => [column, `-${column}`])

/** Reads the query of an address; what it does not know is left out. */
export function readQuery(parameters: { get(name: string): string | null }): ListQuery {
  const value = (name: string) => parameters.get(name) ?? ''
  const sort = value('sort')
  return {
    q: value('q'),
    sort: sorts.includes(sort) ? sort : defaultSort,
    companyId: value('companyId'),
    ownerId: value('ownerId'),
    tag: value('tag'),
  }
}

/** The address of a page that shows a query. */
export function addressOf(page: string, query: ListQuery): string {
  return `${page}${queryString({ ...query, sort: query.sort === defaultSort ? '' : query.sort })}`
}

/** The sort after a click on a column's head: ascending, then descending. Last contact begins with the latest. */
export function nextSort(current: string, column: SortableColumn): string {
  const first = column === 'name' ? column : `-${column}`
  const second = column === 'name' ? `-${column}` : column
  return current === first ? second : first
}

export function isFiltered({ q, companyId, ownerId, tag }: ListQuery): boolean {
  return [q, companyId, ownerId, tag].some((value) => value !== '')
}
