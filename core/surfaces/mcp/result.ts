import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Fault } from '../../errors.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Outcome } from '../../operations/outcome.ts'
import { errorBody } from '../errors.ts'
import type { Visit } from './parts.ts'
import { givesObject } from './tools.ts'

/** What an operation answered: as JSON text for models, and as structured content for programs. */
export function resultOf(
  operation: AnyOperation,
  { json, value }: Pick<Outcome, 'json' | 'value'>,
): CallToolResult {
  return {
    content: [{ type: 'text', text: json }],
    ...(givesObject(operation) && { structuredContent: value as CallToolResult['structuredContent'] }),
  }
}

/** A refusal is a result too: the one error shape, as text, so that a model can read what to do about it. */
export const refusalOf = (refusal: Fault, visit: Visit): CallToolResult => ({
  content: [{ type: 'text', text: errorText(refusal, visit) }],
  isError: true,
})

export const errorText = (refusal: Fault, { program, requestId }: Visit): string =>
  JSON.stringify(errorBody(refusal, program.locale, requestId))

export const saying = (body: unknown): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(body) }],
  isError: true,
})
