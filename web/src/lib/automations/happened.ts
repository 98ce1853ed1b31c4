import type { ApprovalField, EventField } from '#lib/api/types.ts'

/** How values are said in the reader's language. */
export type Saying = {
  yes: string
  no: string
  day: (value: string) => string
  moment: (value: string) => string
}

/** What an event said, by what people call its fields. Ids are left out: they name nothing to a reader. */
export const happenedIn = (
  payload: unknown,
  fields: readonly EventField[],
  saying: Saying,
): ApprovalField[] =>
  fields.flatMap((field) => {
    const value = at(payload, field.path)
    return field.type === 'id' || value === undefined || value === null || value === ''
      ? []
      : [
          {
            name: field.path,
            label: field.label,
            value: said(field, value, saying),
            before: null,
            sink: null,
          },
        ]
  })

/** What stands under a path such as `address.city`. */
const at = (payload: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((inside, part) => (Object(inside) as Record<string, unknown>)[part], payload)

function said({ type, values }: EventField, value: unknown, { yes, no, day, moment }: Saying): string {
  if (Array.isArray(value)) return value.map(String).join(', ')
  if (type === 'boolean') return value === true ? yes : no
  if (type === 'day') return day(String(value))
  if (type === 'moment') return moment(String(value))
  return values.find((each) => each.value === value)?.label ?? String(value)
}
