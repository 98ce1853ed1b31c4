import { loseDeal, moveDeal, winDeal } from './move.ts'
import { getDeal, listDeals } from './read.ts'
import { createDeal, deleteDeal, updateDeal } from './write.ts'

export const dealOperations = [
  listDeals,
  getDeal,
  createDeal,
  updateDeal,
  moveDeal,
  winDeal,
  loseDeal,
  deleteDeal,
]
