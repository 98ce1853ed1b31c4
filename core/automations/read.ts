import { z } from 'zod'
import { Fault, fail } from '../errors.ts'
import type { ReadContext, WriteContext } from '../operations/context.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { idOf, listOperation } from '../resources/reads.ts'
import { itemStatement, type Resource } from '../resources/resource.ts'
import { checked } from './checked.ts'
import { Deed, deedOf, sinksFromEvent } from './deed.ts'
import { hashOf } from './definition.ts'
import { Automation, automations, definitionOf, rowStatement, type Row } from './record.ts'

export const automationId = idOf(automations.en)

const listed = {
  name: 'platform.automations.list',
  summary: 'List the automations of the company: what is done by itself when something happens',
} as const
const lists = { da: listOperation(automations.da, listed), en: listOperation(automations.en, listed) }

export const listAutomations: typeof lists.en = {
  ...lists.en,
  query: (asked, who) => lists[who.locale].query!(asked, who),
}

const Whole = Automation.extend({
  /** Stands for exactly this definition: approving it says which was seen. */
  hash: z.string(),
  /** What it does, in names; nothing where it cannot be done any more. */
  does: Deed.nullable(),
  /** Fields that say where something goes and come from the event: each is accepted by name. */
  accepts: z.array(z.string()),
  /** Why it cannot be switched on. */
  problem: z.string().nullable(),
})

export const getAutomation = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.automations.get',
    summary: 'Get one automation, with what it would do, in names',
    effect: 'read',
    input: z.strictObject({ id: automationId }),
    output: Whole,
    run: ({ id }, context) => whole(context, registry(), id),
  })

async function whole(context: ReadContext, registry: Registry, id: string): Promise<z.output<typeof Whole>> {
  const row = await rowOf(context, id)
  const definition = definitionOf(row)
  const found = checkedOrProblem(registry, row, context)
  const does = 'problem' in found ? null : await deedOf(context, registry, found.operation, definition.input)
  return {
    ...(await shown(context, id)),
    hash: hashOf(definition),
    does,
    accepts: 'problem' in found ? [] : [...sinksFromEvent(found.operation, definition.input)],
    problem: 'problem' in found ? found.problem : null,
  }
}

function checkedOrProblem(registry: Registry, row: Row, { locale }: ReadContext) {
  try {
    return checked(registry, definitionOf(row))
  } catch (error) {
    if (error instanceof Fault && error.status < 500) return { problem: error.sentence(locale) }
    throw error
  }
}

export async function rowOf(
  context: ReadContext | WriteContext,
  id: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Row> {
  const [row] = await context.query<Row>(rowStatement(id, lock))
  return row ?? fail('not_found')
}

/** The automation as its list shows it. */
export async function shown(
  context: ReadContext | WriteContext,
  id: string,
): Promise<z.output<typeof Automation>> {
  const of = automations[context.locale] as unknown as Resource
  const [row] = await context.query<{ json: string }>(itemStatement(of, id, context))
  return row ? (JSON.parse(row.json) as z.output<typeof Automation>) : fail('not_found')
}
