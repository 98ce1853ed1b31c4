import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { textOf } from '../models/textOf.ts'
import { scrubbed } from './scrub.ts'
import type { Step } from './trace.ts'

type Told = Step['told'][number]

/** Messages that their conversation keeps, the first and the last of them named: their words are told from there. */
export interface ToldRange extends Told {
  readonly from: string
  readonly to: string
}

/** What a model was told. `kept`: ids of the messages that its conversation keeps. */
export function toldOf(messages: readonly BaseMessage[], kept: ReadonlySet<string>): (Told | ToldRange)[] {
  const isKept = ({ id }: BaseMessage): boolean => id !== undefined && kept.has(id)
  const first = messages.findIndex(isKept)
  if (
    first < 0 ||
    messages.some((message) => isKept(message) && scrubbed(textOf(message)) !== textOf(message))
  )
    return messages.map(toldMessage)
  const last = messages.findLastIndex(isKept)
  const range: ToldRange = {
    role: 'person',
    text: '',
    calls: [],
    from: messages[first]!.id!,
    to: messages[last]!.id!,
  }
  return [...messages.slice(0, first).map(toldMessage), range, ...messages.slice(last + 1).map(toldMessage)]
}

const roles = { system: 'system', human: 'person', ai: 'agent', tool: 'tool' } as const

/** A tool's result is not kept twice: the calls hold it, without what its schema marks as secret. */
function toldMessage(message: BaseMessage): Told {
  const role = roles[message.type as keyof typeof roles] ?? 'system'
  if (ToolMessage.isInstance(message)) return { role, text: '', calls: [message.tool_call_id] }
  const asked = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []
  return { role, text: scrubbed(textOf(message)), calls: asked.map(({ id = '' }) => id) }
}
