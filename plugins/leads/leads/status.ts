import { z } from 'zod'

/** Where a lead stands. `converted` is the CRM's from then on. */
export const LeadStatus = z.enum(['new', 'contacted', 'qualified', 'disqualified', 'converted'])
export type LeadStatus = z.output<typeof LeadStatus>
