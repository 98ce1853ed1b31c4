/** A fault of a block, as Slack's `blocks.validate` words it; `pointer` is a JSON pointer (RFC 6901). */
export interface BlockFault {
  readonly code: string
  readonly message: string
  readonly field: string
  readonly pointer: string
  readonly constraint?: number
}

/** Where blocks stand: what may stand there differs. */
export type Surface = 'message' | 'modal' | 'home'

export interface Report {
  readonly surface: Surface
  readonly faults: BlockFault[]
}

/** Looks at a value at its place and reports what is wrong with it. */
export type Shape = (value: unknown, pointer: string, report: Report) => void

export function fault(
  report: Report,
  pointer: string,
  code: string,
  message: string,
  constraint?: number,
): void {
  const field = pointer.split('/').at(-1) ?? ''
  report.faults.push({ code, message, field, pointer, ...(constraint !== undefined && { constraint }) })
}

export const string =
  (max: number, min = 1): Shape =>
  (value, pointer, report) => {
    if (typeof value !== 'string') return fault(report, pointer, 'invalid_type', 'must be a string')
    if (value.length > max) fault(report, pointer, 'too_long', `must be less than ${max + 1} characters`, max)
    if (value.length < min)
      fault(report, pointer, 'too_short', `must be more than ${min - 1} characters`, min)
  }

export const oneOf =
  (...allowed: readonly unknown[]): Shape =>
  (value, pointer, report) => {
    if (!allowed.includes(value))
      fault(report, pointer, 'invalid_value', `must be one of: ${allowed.join(', ')}`)
  }

export const anything: Shape = () => undefined

export const listOf =
  (shape: Shape, max: number, min = 1): Shape =>
  (value, pointer, report) => {
    if (!Array.isArray(value)) return fault(report, pointer, 'invalid_type', 'must be an array')
    if (value.length > max) fault(report, pointer, 'too_many', `no more than ${max} items allowed`, max)
    if (value.length < min) fault(report, pointer, 'too_few', `no fewer than ${min} items required`, min)
    for (const [index, item] of value.entries()) shape(item, `${pointer}/${index}`, report)
  }

/** An object of these fields and no other; a name that ends in `!` must be there. */
export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  const shapes = new Map(Object.entries(fields).map(([name, shape]) => [name.replace('!', ''), shape]))
  const required = Object.keys(fields).flatMap((name) => (name.endsWith('!') ? [name.slice(0, -1)] : []))
  return (value, pointer, report) => {
    if (!isFields(value)) return fault(report, pointer, 'invalid_type', 'must be an object')
    for (const name of required)
      if (value[name] === undefined)
        fault(report, `${pointer}/${name}`, 'missing_field', `missing required field: ${name}`)
    for (const [name, part] of Object.entries(value)) {
      const shape = shapes.get(name)
      if (shape) shape(part, `${pointer}/${name}`, report)
      else fault(report, `${pointer}/${name}`, 'unsupported_field', `invalid additional property: ${name}`)
    }
  }
}

/** One of several objects, told apart by their `type`. */
export const byType =
  (shapes: () => Readonly<Record<string, Shape>>, allowed?: readonly string[]): Shape =>
  (value, pointer, report) => {
    const type = isFields(value) ? String(value['type']) : 'undefined'
    const shape = shapes()[type]
    if (shape && (allowed?.includes(type) ?? true)) return shape(value, pointer, report)
    return fault(report, `${pointer}/type`, 'unsupported_type', `unsupported type: ${type}`)
  }

export const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
