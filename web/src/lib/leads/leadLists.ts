import { anything, type ListKind } from '#lib/records/listQuery.ts'

export const leadSorts = ['-createdAt', 'createdAt', '-score', 'score', 'name', '-name'] as const

/** Scores that the filter offers: at least so many points. */
export const scoreSteps = ['20', '40', '60'] as const

export type LeadFilter = 'status' | 'ownerId' | 'sourceId' | 'minScore'

export const leadLists: ListKind<LeadFilter> = {
  at: '/leads',
  sorts: leadSorts,
  filters: { status: anything, ownerId: anything, sourceId: anything, minScore: /^\d{1,4}$/ },
}
