import { findDuplicateCompanies } from './duplicates.ts'
import { exportCompanies } from './export.ts'
import { mergeCompanies } from './merge.ts'
import { getCompany, listCompanies } from './read.ts'
import { createCompany, deleteCompany, updateCompany } from './write.ts'

export const companyOperations = [
  listCompanies,
  getCompany,
  createCompany,
  updateCompany,
  deleteCompany,
  findDuplicateCompanies,
  mergeCompanies,
  exportCompanies,
]
