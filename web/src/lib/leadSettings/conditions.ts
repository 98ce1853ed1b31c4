import type { RuleField, RuleOperator } from './types.ts'

/** What can be asked of a field, the likeliest first. */
export function operatorsOf(field: RuleField): RuleOperator[] {
  if (field === 'score') return ['atLeast']
  if (field === 'email') return ['isWorkEmail', 'isKnown', 'isUnknown', 'contains', 'is']
  if (field === 'source') return ['is', 'contains', 'isKnown', 'isUnknown']
  return ['isKnown', 'isUnknown', 'contains', 'is']
}

export const compares = (operator: RuleOperator): boolean =>
  operator === 'is' || operator === 'contains' || operator === 'atLeast'
