import { z } from 'zod'
import { FormField, formOf } from '../approvals/form.ts'
import { fail } from '../errors.ts'
import { isOn } from '../operations/domain.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'

const Form = z.object({
  id: z.string(),
  title: z.string(),
  effect: z.enum(['read', 'write', 'send', 'destroy']),
  fields: z.array(FormField),
})

/** What an operation takes, as a form shows it. */
export const getOperationForm = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.operations.get',
    summary: 'Get what one operation of this platform takes, field by field',
    effect: 'read',
    input: z.strictObject({
      id: z
        .string()
        .max(200)
        .meta({ description: 'Its name', examples: ['platform.operations.list'] }),
    }),
    output: Form,
    run({ id }, context) {
      const found = registry().find(id)
      if (!found || !isOn(found, context)) fail('not_found')
      return {
        id: found.name,
        title: registry().words(found, context.locale).title,
        effect: found.effect as 'write',
        fields: formOf(registry(), found, context.locale),
      }
    },
  })
