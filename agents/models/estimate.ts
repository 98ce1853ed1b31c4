import { AIMessage, type BaseMessage } from '@langchain/core/messages'
import { oncePer } from '#core'

/**
 * UTF-8 bytes that a token stands for: no text that models are given here has had more tokens than one for two bytes
 * (ids and numbers come near it), and prose in Danish or English has about one for three and a half.
 */
const bytesPerToken = { atMost: 2, likely: 3.5 }

/** Tokens that one answer may have; vendors are told, so that no call can use more than is held back for it. */
export const mostOutput = 8_192

/** Bytes that a vendor adds around a message. */
const aroundMessage = 16

/** Tokens of some bytes of text: the most that they can be, for holding back, or what they likely are. */
export const tokensOf = (bytes: number, measure: keyof typeof bytesPerToken): number =>
  Math.ceil(bytes / bytesPerToken[measure])

/** UTF-8 bytes of a prompt with the tools that come with it. */
export function promptBytes(messages: readonly BaseMessage[], options: object): number {
  const { tools } = options as { tools?: unknown }
  const offered = tools === undefined ? [] : [tools].flat()
  const around = tools === undefined ? 0 : offered.length + 1
  const described = offered.reduce<number>((sum, tool) => sum + toolBytes(tool), around)
  return messages.reduce((sum, message) => sum + knownBytes(message), described)
}

/** A turn asks with the same messages again and again, and a message of a prompt does not change. */
const knownBytes = oncePer(messageBytes)

const describedBytes = oncePer((tool: object) => Buffer.byteLength(JSON.stringify(tool)))

/** What vendors are told of a tool serves turn after turn; the offline model knows tools by their names. */
const toolBytes = (tool: unknown): number =>
  typeof tool === 'string' ? Buffer.byteLength(JSON.stringify(tool)) : describedBytes(tool as object)

/** UTF-8 bytes of what a message says and calls. */
export function messageBytes(message: BaseMessage): number {
  const { content } = message
  const said = Buffer.byteLength(typeof content === 'string' ? content : JSON.stringify(content))
  const calls =
    AIMessage.isInstance(message) && message.tool_calls?.length ? JSON.stringify(message.tool_calls) : ''
  return said + Buffer.byteLength(calls) + aroundMessage
}
