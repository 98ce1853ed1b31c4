import { getOperation, listOperation } from '#core'
import { leads } from './lead.ts'

export const listLeads = listOperation(leads, {
  name: 'leads.leads.list',
  summary:
    'List or search leads by status, owner, source, score or when they came; the newest or the best first',
  untrusted: true,
})

export const getLead = getOperation(leads, {
  name: 'leads.leads.get',
  summary: 'Show one lead with its status, owner, source, score and what it has become in the CRM',
  untrusted: true,
})
