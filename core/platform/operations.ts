import { z } from 'zod'
import { isOn } from '../operations/domain.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { routeOf } from '../operations/route.ts'

const OperationEntry = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  effect: z.enum(['read', 'write', 'send', 'destroy']),
  method: z.string(),
  path: z.string(),
  phrases: z.array(z.string()),
})

/** The list of what can be done, as data: the command palette, help and documentation read it. */
export function listOperations(registry: () => Registry): AnyOperation {
  return operation({
    name: 'platform.operations.list',
    summary:
      'List the operations of this platform that the company has switched on, in the language of the person',
    effect: 'read',
    input: z.strictObject({ locale: z.enum(['da', 'en']).optional() }),
    output: z.object({ items: z.array(OperationEntry), nextCursor: z.null() }),
    run: ({ locale }, context) => {
      const { words, operations } = registry()
      const items = operations
        .filter((each) => isOn(each, context))
        .map((each) => {
          const { title, phrases } = words(each, locale ?? context.locale)
          const { method, path } = routeOf(each)
          const { name, summary, effect } = each as { name: string; summary: string; effect: 'read' }
          return { name, title, summary, effect, method, path, phrases: [...phrases] }
        })
      return { items, nextCursor: null }
    },
  })
}
