import { z } from 'zod'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { ReadContext } from '../operations/context.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { idOf } from '../resources/reads.ts'
import type { Approvers } from './approvers.ts'
import { editableFields } from './editable.ts'
import { operationOf } from './edit.ts'
import { FormField, formOf } from './form.ts'
import { Field } from './preview/preview.ts'
import { approvals, mayDecide, rowColumns, type Row } from './record.ts'
import { refuseSettled } from './settled.ts'

const Form = z.object({
  id: z.uuid(),
  title: z.string(),
  /** What may be changed, with what was asked; null where nothing was. */
  fields: z.array(FormField.extend({ value: z.union([z.string(), z.number(), z.boolean()]).nullable() })),
  /** What stays as it was asked, as a person reads it. */
  fixed: z.array(Field),
})

interface FormParts {
  readonly registry: () => Registry
  readonly requireApprover: Approvers['require']
}

/** The form in which a person changes what they approve, for whoever may; what they send goes to `approve`. */
export const approvalForm = ({ registry, requireApprover }: FormParts): AnyOperation =>
  operation({
    name: 'platform.approvals.form',
    summary: 'Get what may be changed of something that an agent has asked for, before you approve it',
    effect: 'read',
    personOnly: true,
    // What was asked may be an outsider's words.
    untrusted: true,
    input: z.strictObject({ id: idOf(approvals.en) }),
    output: Form,
    async run({ id }, context) {
      const row = await openQuestion(context, id)
      await requireApprover(context, row)
      return formFor(registry(), row, context)
    },
  })

async function openQuestion(context: ReadContext, id: string): Promise<Row> {
  const [row] = await context.query<Row>(sql`
    SELECT ${rowColumns} FROM platform.approvals t
    WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id} AND ${mayDecide(context)}`)
  if (!row) fail('not_found')
  refuseSettled(row)
  return row
}

function formFor(registry: Registry, row: Row, { locale }: ReadContext): z.output<typeof Form> {
  const asking = operationOf(registry, row)
  const may = new Set(editableFields(asking))
  const asked = JSON.parse(row.input) as Readonly<Record<string, string | number | boolean | null>>
  const { title, fields } = row.words[locale]
  return {
    id: row.id,
    title,
    fields: formOf(registry, asking, locale)
      .filter(({ name }) => may.has(name))
      .map((field) => ({ ...field, value: asked[field.name] ?? null })),
    fixed: fields.filter(({ name }) => !may.has(name)),
  }
}
