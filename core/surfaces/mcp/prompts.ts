import {
  ProtocolError,
  ProtocolErrorCode,
  type GetPromptResult,
  type Prompt,
} from '@modelcontextprotocol/server'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Words } from '../../operations/words.ts'

const fieldsIn = (phrase: string): string[] =>
  Array.from(phrase.matchAll(/\{(\w+)\}/g), ([, field]) => field!)

/** The ways in which people ask for an operation, as a prompt that a person picks: `/crm_deals_move`. */
export function promptOf({ tool, summary }: AnyOperation, { title, phrases }: Words): Prompt {
  const asked = phrases.map((phrase) => new Set(fieldsIn(phrase)))
  const fields = new Set(asked.flatMap((each) => [...each]))
  return {
    name: tool,
    title,
    description: summary,
    arguments: [...fields].map((name) => ({ name, required: asked.every((each) => each.has(name)) })),
  }
}

/** The phrase that says most of what was given, filled. */
export function promptText({ phrases }: Words, given: Readonly<Record<string, string>>): GetPromptResult {
  const sayable = phrases.filter((phrase) => fieldsIn(phrase).every((field) => given[field] !== undefined))
  const [best] = sayable.toSorted((a, b) => fieldsIn(b).length - fieldsIn(a).length)
  if (best === undefined)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'An argument that this prompt needs is missing.')
  const text = best.replaceAll(/\{(\w+)\}/g, (_, field: string) => given[field] ?? '')
  return { messages: [{ role: 'user', content: { type: 'text', text } }] }
}
