/** What the API shows of leads. */

export const leadStatuses = ['new', 'contacted', 'qualified', 'disqualified', 'converted'] as const
export type LeadStatus = (typeof leadStatuses)[number]

export type Lead = {
  id: string
  name: string
  email: string | null
  phone: string | null
  companyName: string | null
  title: string | null
  city: string | null
  message: string | null
  answers: Record<string, string>
  status: LeadStatus
  statusSince: string
  statusReason: string | null
  ownerId: string | null
  ownerName: string | null
  sourceId: string | null
  sourceName: string | null
  score: number
  captures: number
  contactId: string | null
  companyId: string | null
  dealId: string | null
  createdAt: string
  version: number
}

export type LeadSource = { id: string; name: string }

export type LeadEvent = {
  id: string
  kind: 'created' | 'captured' | 'moved' | 'assigned' | 'linked' | 'converted' | 'changed'
  at: string
  before: string | null
  after: string | null
  reason: string | null
  details: { message?: string; outcome?: 'matched' | 'created' }
  actorKind: string
  actorName: string
}

export type LeadPoint = { id: string; points: number; reason: string; at: string }

export type Consent = {
  id: string
  text: string
  consentVersion: number
  formName: string | null
  givenAt: string
  network: string | null
  page: string | null
  withdrawnAt: string | null
}

type Part = { id: string | null; name: string; outcome: 'linked' | 'matched' | 'created' }
/** What a conversion makes, or would make. */
export type Conversion = { name: string; contact: Part; company: Part | null; deal: Part | null }

export const isStatus = (text: string | null): text is LeadStatus =>
  leadStatuses.some((status) => status === text)
