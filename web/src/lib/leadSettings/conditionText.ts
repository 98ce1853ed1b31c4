import { t } from '#lib/messages/index.ts'
import { compares } from './conditions.ts'
import type { Condition } from './types.ts'

/** A condition as a sentence: “Email is a work address”. */
export function conditionText({ field, operator, value }: Condition): string {
  if (field === null || operator === null) return t('rules.everybody')
  const said = compares(operator) ? ` “${value ?? ''}”` : ''
  return `${t(`rules.field.${field}`)} ${t(`rules.is.${operator}`)}${said}`
}
