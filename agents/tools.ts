import { ToolMessage } from '@langchain/core/messages'
import { StructuredTool } from '@langchain/core/tools'
import {
  inputSchema,
  oncePer,
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
  const find = new FindTools()
  const boxIn = (locale: Locale) => {
    const toolOf = oncePer(
      (operation: AnyOperation) => new OperationTool(operation, registry.words(operation, locale)),
    )
    return oncePer((operations: AgentTurn['operations']): readonly StructuredTool[] => [
      ...operations.map(toolOf),
      find,
    ])
  }
  const boxes = { da: boxIn('da'), en: boxIn('en') }
  return ({ operations, locale }: Pick<AgentTurn, 'operations' | 'locale'>) => boxes[locale](operations)
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
