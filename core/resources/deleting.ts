import { z } from 'zod'
import type { EventType } from '../events/event.ts'
import type { WriteContext } from '../operations/context.ts'
import { operation, type Operation } from '../operations/operation.ts'
import { Version } from './fields.ts'
import { idOf, type Named } from './reads.ts'
import type { Resource } from './resource.ts'
import { expected, removed, type Expected } from './writing.ts'

/** What is told of a thing that is gone: its id, and the field by which people know it. */
type Gone<Called extends string> = { id: string } & Record<Called, string>

interface Deletion<
  Name extends string,
  Called extends string,
  Payload extends z.ZodType,
> extends Named<Name> {
  /** The field by which people know it. */
  readonly called: Called
  /** Deletes the row, and answers how many it was. */
  readonly remove: (where: Expected, context: WriteContext) => Promise<number>
  readonly emits?: EventType<Payload>
}

/** Deletes one thing, as it was read where a version is given: the standard verb `delete`. */
export function deleteOperation<
  const Name extends string,
  const Called extends string,
  Payload extends z.ZodType<unknown, Gone<Called>>,
>(of: Resource, { called, remove, emits, ...named }: Deletion<Name, Called, Payload>) {
  const input = z.strictObject({ id: idOf(of), version: Version.optional() })
  const output = z.object({ id: z.uuid(), [called]: z.string() })
  return operation({
    ...named,
    effect: 'destroy',
    input,
    output,
    async run({ id, version }: z.output<typeof input>, context: WriteContext) {
      const item = await removed(context, of, id, () => remove(expected({ id, version }), context))
      const gone = { id, [called]: item[called] } as Gone<Called>
      if (emits) context.emit(emits, gone as z.input<Payload>)
      return gone
    },
  } as never) as Operation<Name, 'destroy', typeof input, z.ZodType<Gone<Called>>>
}
