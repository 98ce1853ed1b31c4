import type { Entity } from '../entities/entity.ts'
import { amountOf, type Amount } from '../entities/money.ts'
import type { Surroundings } from '../entities/recognize.ts'
import { readDuration, readDurationAsMoment, readMoment } from './dates.ts'
import type { Field } from './fields.ts'
import { asName, unquoted } from './names.ts'

/** A recognised thing as the value of a field; undefined where it is of no use there. */
export function valueFromEntity(field: Field, entity: Entity, surroundings: Surroundings): unknown {
  switch (entity.type) {
    case 'moment':
      return readMoment(field, entity.value, surroundings)
    case 'duration':
      return fromDuration(field, entity, surroundings)
    case 'money':
      return entity.value.minor
    case 'number':
      return field.type === 'money' ? amountOf(entity.value).minor : entity.value
    case 'phone':
      return field.type === 'cvr' ? entity.value.replace(/^\+45/, '') : entity.value
    default:
      return entity.value
  }
}

function fromDuration(
  field: Field,
  entity: Entity & { type: 'duration' },
  surroundings: Surroundings,
): unknown {
  if (field.type === 'number') return readDuration({ ...field, integer: true }, entity.value)
  if (field.type === 'duration') return readDuration(field, entity.value)
  return readDurationAsMoment(field, entity.value, surroundings)
}

export const currencyOf = (entity: Entity): string | undefined =>
  entity.type === 'money' ? (entity.value as Amount).currency : undefined

/** Words as the value of a field that takes words. */
export function valueFromText(field: Field, text: string): string {
  if (field.type === 'personName' || field.type === 'companyName' || field.type === 'placeName')
    return asName(text)
  if (field.type === 'tag') return unquoted(text).replace(/^#/, '')
  if (field.type === 'stage') return unquoted(text).replace(/\s+(?:fasen|trinnet|stadiet|stage|step)$/i, '')
  return unquoted(text)
    .replace(/^[\s:,–-]+/, '')
    .replace(/^(?:at|to)\s+(?=\p{Ll})/u, '')
}

/** One value as the argument: alone, in a list, or as an object of a list. */
export function asArgument(field: Field, value: unknown): unknown {
  const item = field.wrap ? { [field.wrap]: value } : value
  return field.list ? [item] : item
}
