import { getOperation, listOperation } from '#core'
import { deals } from './deal.ts'

export const listDeals = listOperation(deals, {
  name: 'crm.deals.list',
  summary: 'List or search deals by company, contact, owner, stage, status or expected close date',
})

export const getDeal = getOperation(deals, {
  name: 'crm.deals.get',
  summary: 'Show one deal with its value, stage, probability and owner',
})
