/** `total` where the list was asked to count; 10,000 is that many or more. */
export type Page<Item> = { items: Item[]; nextCursor: string | null; total?: number }

export type Tenant = { id: string; name: string }

export type Session = {
  person: { id: string; name: string; email: string; locale?: string | null }
  tenant: Tenant
  tenants: Tenant[]
  role: Role
  permissions: string[]
  /** The parts of TekUp that the company has switched on. */
  domains: string[]
}

export type DemoPerson = { email: string; name: string; tenant: string; role: Role }

export type Bootstrap = { product: string; version: string; demo: { people: DemoPerson[] } | null }

export type Effect = 'read' | 'write' | 'send' | 'destroy'

export type Operation = { name: string; title: string; effect: Effect; phrases: string[] }

export const roles = ['owner', 'admin', 'employee', 'readOnly'] as const

export type Role = (typeof roles)[number]

/** A colleague: somebody who signs in to the company. */
export type Person = { id: string; name: string; email: string; role: Role; version: number }

export type Invitation = {
  id: string
  email: string
  role: Role
  status: 'open' | 'accepted' | 'expired'
  expiresAt: string
}

export type ConnectionScope = 'read' | 'write' | 'send' | 'destroy' | 'approve'

/** What a person is asked before a program is connected. */
export type ConnectionQuestion = {
  client: { id: string; name: string; vouchedBy: string | null }
  answersTo: string
  onThisMachine: boolean
  scopes: ConnectionScope[]
  request: { clientId: string; redirectUri: string; codeChallenge: string; resource: string; state?: string }
}

/** What an invitation says to whoever holds its token. */
export type Invited = { company: string; email: string; role: Role }

/** A program that a person let in. */
export type Connection = {
  id: string
  name: string
  scopes: string[]
  lastUsedAt: string | null
  revokedAt: string | null
  createdAt: string
}

export type ApiKey = Connection & { personId: string; expiresAt: string | null }

export const effects: Effect[] = ['read', 'write', 'send', 'destroy']

/** A part of TekUp that a company can switch off. `requires` and `requiredBy` are ids of others. */
export type Part = {
  id: string
  title: string
  summary: string
  version: string
  requires: string[]
  requiredBy: string[]
  operations: number
  subscriptions: number
  jobs: number
  settings: number
  on: boolean
}

export type SettingValue = string | number | boolean

/** What a company may choose of a part, with the JSON Schema of what fits. */
export type Setting = {
  id: string
  title: string
  hint: string | null
  value: SettingValue
  usual: SettingValue
  schema: { type: 'boolean' | 'integer' | 'number' | 'string'; enum?: string[]; kind?: 'money'; minimum?: number; maximum?: number; maxLength?: number } // prettier-ignore
  valueNames: Record<string, string>
  version: number
}

export type SignedInDevice = {
  id: string
  current: boolean
  userAgent: string
  address: string
  createdAt: string
  lastUsedAt: string
}
