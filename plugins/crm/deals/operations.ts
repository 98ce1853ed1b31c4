import { exportDeals } from './export.ts'
import { dealHistory } from './history.ts'
import { loseDeal, moveDeal, reopenDeal, winDeal } from './move.ts'
import { getDeal, listDeals } from './read.ts'
import { listStaleDeals } from './stale.ts'
import { createDeal, deleteDeal, updateDeal } from './write.ts'

export const dealOperations = [
  listDeals,
  getDeal,
  createDeal,
  updateDeal,
  moveDeal,
  winDeal,
  loseDeal,
  reopenDeal,
  dealHistory,
  listStaleDeals,
  deleteDeal,
  exportDeals,
]
