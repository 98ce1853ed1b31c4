import { leadScore } from '../scoring/score.ts'
import { assignLead } from './assign.ts'
import { convertLead, previewConversion } from './convert.ts'
import { leadHistory } from './history.ts'
import { linkLead } from './link.ts'
import { disqualifyLead, moveLead, qualifyLead } from './move.ts'
import { getLead, listLeads } from './read.ts'
import { createLead, deleteLead, updateLead } from './write.ts'

export const leadOperations = [
  listLeads,
  getLead,
  createLead,
  updateLead,
  deleteLead,
  moveLead,
  qualifyLead,
  disqualifyLead,
  assignLead,
  previewConversion,
  convertLead,
  linkLead,
  leadHistory,
  leadScore,
]
