import type { z } from 'zod'
import { unwrapped } from '../approvals/preview/schema.ts'
import { prepared, sql, type Statement } from '../database/sql.ts'
import type { Conditions, Test } from './definition.ts'
import type { PayloadField } from './payload.ts'
import { problems, type Problem } from './problems.ts'

/** What is wrong with the conditions of an event with these fields; nothing where they can be asked. */
export function wrongConditions({ of }: Conditions, fields: readonly PayloadField[]): Problem {
  const tests = of.flatMap((part) => ('of' in part ? part.of : [part]))
  return tests.map((test) => wrongTest(test, fields)).find((problem) => problem !== undefined)
}

function wrongTest(test: Test, fields: readonly PayloadField[]): Problem {
  const field = fields.find(({ path }) => path === test.field)
  if (!field) return problems.unknownField(test.field, fields.map(({ path }) => path).join(', '))
  const isAlone = test.is === 'exists' || test.is === 'missing'
  if (isAlone !== (test.value === undefined))
    return isAlone ? problems.needsNothing(test.field) : problems.needsValue(test.field)
  if (isAlone) return undefined
  if (Array.isArray(test.value) !== (test.is === 'in'))
    return test.is === 'in' ? problems.needsList(test.field) : problems.needsOne(test.field)
  return wrongValue(test, field)
}

const ordered = new Set(['number', 'day', 'moment'])

function wrongValue({ field: name, is, value }: Test, { kind, schema, values }: PayloadField): Problem {
  if ((is === 'greater' || is === 'less') && !ordered.has(kind)) return problems.hasNoOrder(name)
  if (is === 'contains' && kind === 'text')
    return typeof value === 'string' ? undefined : problems.wrongValue(name, String(value))
  if (is === 'contains' && kind !== 'list') return problems.containsNothing(name)
  if (is !== 'contains' && kind === 'list') return problems.isList(name)
  const compared = kind === 'list' ? (unwrapped(schema) as z.ZodArray).element : schema
  const wrong = [value].flat().find((each) => !(compared as z.ZodType).safeParse(each).success)
  if (wrong === undefined) return undefined
  return values.length > 0
    ? problems.notAmong(name, String(wrong), values.join(', '))
    : problems.wrongValue(name, String(wrong))
}

/** Asks the evaluator of the relay which of these payloads are as the conditions say; answers their places. */
export const meeting = (conditions: Conditions, payloads: readonly unknown[]): Statement =>
  prepared(
    'tekup_automation_meets',
    sql`SELECT (place - 1)::integer AS place
      FROM jsonb_array_elements(${JSON.stringify(payloads)}::jsonb) WITH ORDINALITY AS each(payload, place)
      WHERE platform.meets(${JSON.stringify(conditions)}::jsonb, payload)`,
  )
