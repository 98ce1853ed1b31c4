import { queryString } from '#lib/api/queryString.ts'

/** What the list of leads shows; kept in the address, so that a link, a reload and the back button show the same. */
export type LeadQuery = {
  q: string
  sort: string
  status: string
  ownerId: string
  sourceId: string
  minScore: string
}

export const leadSorts = ['-createdAt', 'createdAt', '-score', 'score', 'name', '-name'] as const
const defaultSort = '-createdAt'

/** Scores that the filter offers: at least so many points. */
export const scoreSteps = ['20', '40', '60'] as const

export function readLeadQuery(parameters: { get(name: string): string | null }): LeadQuery {
  const value = (name: string) => parameters.get(name) ?? ''
  const sort = value('sort')
  return {
    q: value('q'),
    sort: leadSorts.some((known) => known === sort) ? sort : defaultSort,
    status: value('status'),
    ownerId: value('ownerId'),
    sourceId: value('sourceId'),
    minScore: /^\d{1,4}$/.test(value('minScore')) ? value('minScore') : '',
  }
}

export const leadAddress = (query: LeadQuery): string =>
  `/leads${queryString({ ...query, sort: query.sort === defaultSort ? '' : query.sort })}`

export const isFilteredLeads = ({ q, status, ownerId, sourceId, minScore }: LeadQuery): boolean =>
  [q, status, ownerId, sourceId, minScore].some((value) => value !== '')
