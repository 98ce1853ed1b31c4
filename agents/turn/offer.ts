import { ToolMessage } from '@langchain/core/messages'
import { StructuredTool } from '@langchain/core/tools'
import type { AnyOperation, JsonSchema } from '#core'
import { untold } from '../memory/gist.ts'
import type { TurnContext } from './context.ts'
import type { Layer } from './layer.ts'

/** Operations that a vendor's model is offered for a message; fewer than this many are not worth a choice. */
export const offeredAtOnce = 12
/** Operations called before in the conversation that stay at hand. */
const keptAtHand = 6
/** What one search of the model's own brings. */
const foundAtOnce = 8

export const findToolsName = 'find_tools'

/**
 * A vendor's model is offered the operations that the message most likely needs, those that the conversation has used,
 * and a tool that finds others; the offline model is offered all, and knows them already.
 */
export const offer: Layer = (request, ask) => {
  const { context } = request
  const isOffline = request.model === context.offline
  const names = isOffline || isFew(context) ? allNames(context) : chosenNames(context)
  if (!isOffline && !isFew(context)) names.add(findToolsName)
  return ask({ ...request, tools: request.tools.filter((tool) => names.has(tool.name)) })
}

const isFew = ({ turn }: TurnContext): boolean => turn.operations.length <= offeredAtOnce
const toolsOf = (operations: readonly AnyOperation[]): Set<string> =>
  new Set(operations.map(({ tool }) => tool))
const allNames = ({ turn }: TurnContext): Set<string> => toolsOf(turn.operations)

/** Chosen once for a turn, so that its prompts begin alike; what the model then finds is added. */
function chosenNames(context: TurnContext): Set<string> {
  const { turn, search } = context
  const used = usedBefore(context)
  const before = turn.history.findLast(({ role }) => role === 'person')?.text
  const sought = { text: turn.text, used, ...(before !== undefined && { before }) }
  context.offered ??= toolsOf([
    ...search.find(sought, turn.operations, offeredAtOnce),
    ...turn.operations.filter(({ name }) => used.includes(name)),
  ])
  return new Set(context.offered)
}

/** The latest first, as far back as the conversation is told word for word. */
function usedBefore({ turn, recalled }: TurnContext): string[] {
  const told = untold(turn.history, recalled.gist)
  const calls = [...told.flatMap((message) => message.calls), ...turn.made]
  return [...new Set(calls.toReversed().map(({ operation }) => operation))].slice(0, keptAtHand)
}

/** Looks for operations among those that the person may use, and offers what it finds from then on. */
export class FindTools extends StructuredTool {
  name: string = findToolsName
  description: string =
    'Search for further tools when none of those offered fits. Describe in a few words what is to be done; those found can be called from then on.'
  schema: JsonSchema = {
    type: 'object',
    properties: { query: { type: 'string', description: 'What is to be done' } },
    required: ['query'],
  }

  override async invoke(call: unknown, config?: unknown): Promise<never> {
    const { id = '', args } = call as { id?: string; args?: { query?: unknown } }
    const context = (config as { context: TurnContext }).context
    const found = context.search.find(
      { text: String(args?.query ?? '').slice(0, 400) },
      context.turn.operations,
      foundAtOnce,
    )
    for (const { tool } of found) context.offered?.add(tool)
    const content = JSON.stringify(found.map(({ tool, summary }) => ({ name: tool, summary })))
    return new ToolMessage({ tool_call_id: id, name: this.name, content }) as never
  }

  protected override async _call(): Promise<never> {
    throw new Error('A tool is called through a turn.')
  }
}
