export type Email = { address: string; label?: string | null; primary?: boolean }

export type Phone = { number: string; label?: string | null; primary?: boolean }

/** A postal address, in the parts that a Danish one has. */
export type Postal = {
  address: string | null
  postcode: string | null
  city: string | null
  country: string | null
}

export type Contact = {
  id: string
  name: string
  title: string | null
  companyId: string | null
  companyName: string | null
  ownerId: string | null
  ownerName: string | null
  emails: Email[]
  phones: Phone[]
  tags: string[]
  lastContactAt: string | null
  createdAt: string
  updatedAt: string
  version: number
} & Postal

export type ContactInput = Partial<
  Pick<Contact, 'name' | 'title' | 'companyId' | 'ownerId' | 'emails' | 'phones' | 'tags' | keyof Postal>
> & { evenIfDuplicate?: true }

export type Company = {
  id: string
  name: string
  cvr: string | null
  domain: string | null
  email: string | null
  phone: string | null
  ownerId: string | null
  ownerName: string | null
  tags: string[]
  lastContactAt: string | null
  createdAt: string
  updatedAt: string
  version: number
} & Postal

export type CompanyInput = Partial<
  Pick<Company, 'name' | 'cvr' | 'domain' | 'email' | 'phone' | 'ownerId' | 'tags' | keyof Postal>
> & { evenIfDuplicate?: true }

export type Tag = { id: string; name: string; contacts: number }

export type ActivityKind = 'call' | 'meeting' | 'email' | 'note' | 'stage' | 'other'

export type Activity = {
  id: string
  kind: ActivityKind
  subject: string
  body: string | null
  at: string
  personName: string | null
  contactId: string | null
  contactName: string | null
}

export type Task = {
  id: string
  title: string
  dueOn: string | null
  /** When it is due to the minute, such as a call. */
  dueAt: string | null
  done: boolean
  ownerName: string | null
}

export type Deal = {
  id: string
  title: string
  stageName: string
  status: 'open' | 'won' | 'lost'
  amount: number
  currency: string
  expectedCloseOn: string | null
  contactName: string | null
  lostReason: string | null
}
