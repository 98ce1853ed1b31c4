import { ToolMessage } from '@langchain/core/messages'
import { StructuredTool } from '@langchain/core/tools'
import {
  inputSchema,
  toolDescription,
  type AgentTurn,
  type AnyOperation,
  type CallRecord,
  type JsonSchema,
  type Locale,
  type Registry,
  type Words,
} from '#core'
import { vendorSchema } from './schema.ts'
import { FindTools, type TurnContext } from './turn/index.ts'

/** A call as a model asked for it. */
interface ToolCall {
  readonly id?: string
  readonly name: string
  readonly args: unknown
}

/**
 * An operation as a tool. It checks nothing itself: `invoke` reads the input, authorizes and decides, and its refusals
 * come back as results in the person's language.
 */
export class OperationTool extends StructuredTool {
  name: string
  description: string
  schema: JsonSchema
  readonly operation: string

  constructor(operation: AnyOperation, words: Words) {
    super()
    this.name = operation.tool
    this.operation = operation.name
    this.description = toolDescription(operation, words)
    this.schema = parametersOf(operation)
  }

  override async invoke(call: unknown, config?: unknown): Promise<never> {
    const { id = '', args } = call as ToolCall
    const { turn } = (config as { context: TurnContext }).context
    const record = await turn.call(this.operation, args, id)
    return toolMessage(record, id) as never
  }

  protected override async _call(): Promise<never> {
    throw new Error('A tool is called through a turn.')
  }
}

/**
 * What the operations of a turn are as tools, and the tool that finds others. Each is made once for a language: one that
 * only one company has is an operation of its own.
 */
export function createToolbox(registry: Registry) {
  const made = {
    da: new WeakMap<AnyOperation, OperationTool>(),
    en: new WeakMap<AnyOperation, OperationTool>(),
  }
  const find = new FindTools()
  const toolOf = (operation: AnyOperation, locale: Locale): OperationTool => {
    const tool =
      made[locale].get(operation) ?? new OperationTool(operation, registry.words(operation, locale))
    made[locale].set(operation, tool)
    return tool
  }
  const boxes = {
    da: new WeakMap<AgentTurn['operations'], readonly StructuredTool[]>(),
    en: new WeakMap<AgentTurn['operations'], readonly StructuredTool[]>(),
  }
  return ({ operations, locale }: Pick<AgentTurn, 'operations' | 'locale'>): readonly StructuredTool[] => {
    const box = boxes[locale].get(operations) ?? [...operations.map((each) => toolOf(each, locale)), find]
    boxes[locale].set(operations, box)
    return box
  }
}

/** How a call went, as a model reads it: the result, or `{ error: { code, message } }`. */
export function toolMessage(record: CallRecord, callId: string): ToolMessage {
  const { operation, status, output, error } = record
  return new ToolMessage({
    tool_call_id: callId,
    name: operation.replaceAll('.', '_'),
    content: JSON.stringify(status === 'done' ? (output ?? null) : { error }),
    status: status === 'done' ? 'success' : 'error',
  })
}

function parametersOf(operation: AnyOperation): JsonSchema {
  const { properties = {}, ...rest } = vendorSchema(inputSchema(operation))
  return { ...rest, type: 'object', properties }
}
