import { z } from 'zod'
import { domainOf, isPublicMailDomain, Line } from '#core'
import { leadErrors } from '../errors.ts'

/** What a rule asks of a lead. Shared by scoring and by assignment, so that both speak of a lead in the same way. */

export const ConditionField = z.enum([
  'email',
  'phone',
  'companyName',
  'title',
  'city',
  'message',
  'source',
  'score',
])
export const ConditionOperator = z.enum(['isKnown', 'isUnknown', 'is', 'contains', 'atLeast', 'isWorkEmail'])

export const conditionInput = {
  field: ConditionField,
  operator: ConditionOperator,
  value: Line.nullish().meta({
    description: 'What it is compared with; several words are divided by commas',
  }),
}

export interface Condition {
  readonly field: z.output<typeof ConditionField>
  readonly operator: z.output<typeof ConditionOperator>
  readonly value?: string | null | undefined
}

/** The parts of a lead that rules look at. */
export interface Judged {
  readonly email: string | null
  readonly phone: string | null
  readonly companyName: string | null
  readonly title: string | null
  readonly city: string | null
  readonly message: string | null
  readonly sourceName: string | null
  readonly score: number
}

/** Refuses a rule that compares with nothing. */
export function requireComplete({ operator, value }: Partial<Condition>): void {
  const compares = operator === 'is' || operator === 'contains' || operator === 'atLeast'
  if (compares && (value === undefined || value === null)) leadErrors.fail('rule_incomplete')
}

export function holds({ field, operator, value }: Condition, lead: Judged): boolean {
  const found = field === 'source' ? lead.sourceName : lead[field]
  const text = found === null ? '' : String(found).trim().toLowerCase()
  switch (operator) {
    case 'isKnown':
      return text !== ''
    case 'isUnknown':
      return text === ''
    case 'is':
      return wanted(value).includes(text)
    case 'contains':
      return wanted(value).some((word) => text.includes(word))
    case 'atLeast':
      return text !== '' && Number(text) >= Number(value)
    case 'isWorkEmail':
      return text.includes('@') && !isPublicMailDomain(domainOf(text))
  }
}

const wanted = (value: string | null | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
