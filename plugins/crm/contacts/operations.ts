import { adoptContact, recogniseContact } from './adopt.ts'
import { findDuplicateContacts } from './duplicates.ts'
import { exportContacts } from './export.ts'
import { mergeContacts } from './merge.ts'
import { getContact, listContacts } from './read.ts'
import { createContact, deleteContact, updateContact } from './write.ts'

export const contactOperations = [
  listContacts,
  getContact,
  createContact,
  updateContact,
  deleteContact,
  findDuplicateContacts,
  mergeContacts,
  exportContacts,
  recogniseContact,
  adoptContact,
]
