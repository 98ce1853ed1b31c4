import { t } from '#lib/messages/index.ts'
import type { Condition, RuleField, RuleOperator } from './types.ts'

/** What can be asked of a field, the likeliest first. */
export function operatorsOf(field: RuleField): RuleOperator[] {
  if (field === 'score') return ['atLeast']
  if (field === 'email') return ['isWorkEmail', 'isKnown', 'isUnknown', 'contains', 'is']
  if (field === 'source') return ['is', 'contains', 'isKnown', 'isUnknown']
  return ['isKnown', 'isUnknown', 'contains', 'is']
}

export const compares = (operator: RuleOperator): boolean =>
  operator === 'is' || operator === 'contains' || operator === 'atLeast'

/** A condition as a sentence: “Email is a work address”. */
export function conditionText({ field, operator, value }: Condition): string {
  if (field === null || operator === null) return t('rules.everybody')
  const said = compares(operator) ? ` “${value ?? ''}”` : ''
  return `${t(`rules.field.${field}`)} ${t(`rules.is.${operator}`)}${said}`
}
