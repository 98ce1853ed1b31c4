import type { Sentence } from '#core'

/** What a column of a file can hold. Several columns may feed one target: `email`, `phone` and `tags` gather values. */
export const targets = [
  'externalId',
  'name',
  'firstName',
  'middleName',
  'lastName',
  'title',
  'email',
  'phone',
  'company',
  'companyCvr',
  'address',
  'postcode',
  'city',
  'country',
  'tags',
  'owner',
  'createdAt',
  'note',
] as const

export type Target = (typeof targets)[number]

/** A contact as a file tells of it, every value in its stored form. Fields that the file says nothing of are absent. */
export interface ContactDraft {
  /** What the program that wrote the file calls the contact. */
  readonly externalId?: string
  /** Never empty: the full name, else the first email or phone. */
  readonly name: string
  readonly firstName?: string
  readonly lastName?: string
  /** Job title. */
  readonly title?: string
  /** Lower case, without repetition, in the order of the file. */
  readonly emails: readonly string[]
  /** E.164, without repetition, in the order of the file. */
  readonly phones: readonly string[]
  readonly company?: string
  readonly companyCvr?: string
  readonly address?: string
  readonly postcode?: string
  readonly city?: string
  readonly country?: string
  readonly tags: readonly string[]
  /** A name or an email, as the file has it. */
  readonly owner?: string
  /** ISO 8601 date. */
  readonly createdAt?: string
  readonly note?: string
}

/** Why one row of a file cannot be taken. */
export interface RowFault {
  readonly line: number
  /** The header of the column at fault; null where it is the row as a whole. */
  readonly column: string | null
  readonly message: Sentence
}

export type ContactResult = { readonly contact: ContactDraft } | { readonly fault: RowFault }

/** One cell of a row on its way into a contact. */
export interface Field {
  readonly target: Target
  /** How the file names it, for the message when it is at fault. */
  readonly column: string
  readonly text: string
}
