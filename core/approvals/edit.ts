import { Fault, fail } from '../errors.ts'
import type { AskedCall } from '../operations/approval.ts'
import { canonicalJson, inputHash } from '../operations/canonical.ts'
import type { WriteContext } from '../operations/context.ts'
import { parseInput } from '../operations/input.ts'
import type { AnyOperation, ReadOperation } from '../operations/operation.ts'
import { Outcome } from '../operations/outcome.ts'
import type { Registry } from '../operations/registry.ts'
import { withChanges } from './editable.ts'
import type { Item, Reading } from './preview/names.ts'
import { previewOf, type Card } from './preview/preview.ts'
import type { ChangedCard, ChangedWords, Row } from './record.ts'
import { reasons } from './sentences.ts'

/** What a person has made of a question: the input that is carried out, and what people read of it. */
export interface Edit {
  readonly input: Readonly<Record<string, unknown>>
  readonly hash: string
}

/** The operation as it was when it was asked; what was asked of an older one is not changed any more, but asked again. */
export function operationOf(registry: Registry, row: Row): AnyOperation {
  const found = registry.find(row.operation)
  return found && registry.versionOf(found) === row.plugin_version
    ? found
    : fail('approval_void', { reason: reasons.changedPlugin })
}

/** The question with what the person has changed; nothing where that is what was asked. */
export function editOf(
  registry: Registry,
  row: Row,
  changes: Item | undefined,
  { locale }: WriteContext,
): Edit | undefined {
  if (changes === undefined || Object.keys(changes).length === 0) return undefined
  const input = withChanges(operationOf(registry, row), JSON.parse(row.input) as Item, changes, locale)
  const hash = inputHash(row.operation, input)
  return hash === row.input_hash ? undefined : { input, hash }
}

/**
 * Keeps what is carried out in the place of what was asked, beside it. It is read by the operation's own schema, and
 * shown as the person who changed it may see it.
 */
export async function keepEdit(
  registry: Registry,
  row: Row,
  edit: Edit,
  context: WriteContext,
): Promise<{ readonly input: string; readonly hash: string; readonly words: string }> {
  const operation = operationOf(registry, row)
  const input = parseChanged(operation, edit.input, context)
  const call: AskedCall = { operation, raw: edit.input, input, caller: context }
  const { words } = await previewOf(within(registry, context), call)
  const changed: ChangedWords = {
    da: changedCard(row.words.da, words.da, JSON.parse(row.input) as Item, edit.input),
    en: changedCard(row.words.en, words.en, JSON.parse(row.input) as Item, edit.input),
  }
  return { input: canonicalJson(edit.input), hash: edit.hash, words: JSON.stringify(changed) }
}

/** What is wrong with it is said of the field of the change. */
function parseChanged(operation: AnyOperation, input: object, { locale }: WriteContext): unknown {
  try {
    return parseInput(operation, input, locale)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'invalid_input') throw error
    const { problem, issues } = error.details as {
      problem: string
      issues: { path: string; message: string }[]
    }
    const within = issues.map(({ path, message }) => ({ path: `changes${path && `.${path}`}`, message }))
    fail('invalid_input', { problem, issues: within })
  }
}

/** Reads in the transaction of the decision, as the person who decides. */
const within = (registry: Registry, context: WriteContext): Reading => ({
  registry,
  invoke: async (operation, input) =>
    Outcome.ofValue(await context.call(operation as ReadOperation, input as never)) as never,
})

/** What was not changed is shown as it was asked; of the rest, what was asked stands beside what is done. */
function changedCard(asked: Card, now: Card, before: Item, after: Item): ChangedCard {
  const isChanged = (name: string) => canonicalJson([before[name]]) !== canonicalJson([after[name]])
  const askedLine = (name: string) => asked.fields.find((line) => line.name === name)
  const fields = now.fields.map((line) => (isChanged(line.name) ? line : (askedLine(line.name) ?? line)))
  const left = asked.fields.filter(({ name }) => !(name in after))
  const changes = [...fields.filter(({ name }) => isChanged(name)), ...left].map(
    ({ name, label, value }) => ({
      name,
      label,
      asked: askedLine(name)?.value ?? nothing,
      value: name in after ? value : nothing,
    }),
  )
  return { title: asked.title, summary: now.summary, fields, changes }
}

const nothing = '–'
