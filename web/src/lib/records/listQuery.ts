import { queryString } from '#lib/api/queryString.ts'

/** What a list shows; kept in the address, so that a link, a reload and the back button show the same. */
export type ListQuery<Filter extends string> = Record<'q' | 'sort' | Filter, string>

/** What can be asked of one kind of list. */
export type ListKind<Filter extends string> = {
  /** The page's own address; records lie below it. */
  at: string
  /** The orders that it can have; the first is its order until another is chosen. */
  sorts: readonly [string, ...string[]]
  /** What it can be narrowed by, and what such a value looks like. */
  filters: Readonly<Record<Filter, RegExp>>
}

/** Matches every value of a filter: the server knows what it can be. */
export const anything = /^/

/** Reads the query of an address; what it does not know is left out. */
export function readQuery<Filter extends string>(
  kind: ListKind<Filter>,
  parameters: { get(name: string): string | null },
): ListQuery<Filter> {
  const value = (name: string) => parameters.get(name) ?? ''
  const sort = kind.sorts.includes(value('sort')) ? value('sort') : kind.sorts[0]
  const filters = filtersOf(kind).map((name) => [
    name,
    kind.filters[name].test(value(name)) ? value(name) : '',
  ])
  return { q: value('q'), sort, ...Object.fromEntries(filters) }
}

/** The address of the page that shows a query. */
export function addressOf<Filter extends string>(kind: ListKind<Filter>, query: ListQuery<Filter>): string {
  return `${kind.at}${queryString({ ...query, sort: query.sort === kind.sorts[0] ? '' : query.sort })}`
}

/** The same order, and everything in it. */
export function cleared<Filter extends string>(
  kind: ListKind<Filter>,
  { sort }: ListQuery<Filter>,
): ListQuery<Filter> {
  return { ...readQuery(kind, new URLSearchParams()), sort }
}

export function isNarrowed<Filter extends string>(kind: ListKind<Filter>, query: ListQuery<Filter>): boolean {
  return filtersOf(kind).some((name) => query[name] !== '')
}

export function isFiltered<Filter extends string>(kind: ListKind<Filter>, query: ListQuery<Filter>): boolean {
  return query.q !== '' || isNarrowed(kind, query)
}

/** The sort after a click on a column's head. Names begin with the first, all else with the latest or the most. */
export function nextSort(current: string, column: string): string {
  const first = column === 'name' ? column : `-${column}`
  const second = column === 'name' ? `-${column}` : column
  return current === first ? second : first
}

const filtersOf = <Filter extends string>(kind: ListKind<Filter>) => Object.keys(kind.filters) as Filter[]
