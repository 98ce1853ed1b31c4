/** What the API shows of how leads come in and what is done with them. */

export const fieldKinds = ['text', 'longText', 'email', 'phone', 'choice'] as const
export type FieldKind = (typeof fieldKinds)[number]
export type FormField = { key: string; label: string; kind: FieldKind; required: boolean; choices: string[] }

export const guards = ['plain', 'ticket', 'proof'] as const

export type LeadForm = {
  id: string
  name: string
  publicKey: string
  sourceId: string | null
  sourceName: string | null
  origins: string[]
  fields: FormField[]
  consentText: string | null
  consentVersion: number | null
  language: 'da' | 'en'
  intro: string | null
  thanksText: string | null
  thanksUrl: string | null
  guard: (typeof guards)[number]
  leastSeconds: number
  open: boolean
  submissions: number
  quarantined: number
  version: number
}

export type Submission = {
  id: string
  formId: string | null
  formName: string | null
  sender: string
  fields: Record<string, string>
  suspicions: Suspicion[]
  network: string | null
  origin: string | null
  page: string | null
  createdAt: string
}
export type Suspicion =
  | 'trap'
  | 'noTicket'
  | 'badTicket'
  | 'oldTicket'
  | 'usedTicket'
  | 'tooFast'
  | 'noProof'
  | 'otherPage'
  | 'disposableEmail'
  | 'manyLinks'

export const ruleFields = ['email', 'phone', 'companyName', 'title', 'city', 'message', 'source', 'score'] as const // prettier-ignore
export const ruleOperators = ['isKnown', 'isUnknown', 'is', 'contains', 'atLeast', 'isWorkEmail'] as const
export type RuleField = (typeof ruleFields)[number]
export type RuleOperator = (typeof ruleOperators)[number]
/** What a rule asks of a lead; without a field it fits everybody. */
export type Condition = { field: RuleField | null; operator: RuleOperator | null; value: string | null }

export type ScoringRule = Condition & {
  id: string
  name: string
  per: 'lead' | 'capture'
  points: number
  active: boolean
  version: number
}

export type AssignmentRule = Condition & {
  id: string
  name: string
  priority: number
  owners: string[]
  ownerNames: string[]
  active: boolean
  version: number
}

export const channels = ['web', 'phone', 'email', 'event', 'referral', 'ads', 'social', 'other'] as const
export type Source = {
  id: string
  name: string
  channel: (typeof channels)[number]
  leads: number
  converted: number
  version: number
}
