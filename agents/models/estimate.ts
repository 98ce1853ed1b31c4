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
  const offered = tools === undefined ? 0 : Buffer.byteLength(JSON.stringify(tools))
  return messages.reduce((sum, message) => sum + knownBytes(message), offered)
}

/** A turn asks with the same messages again and again, and a message of a prompt does not change. */
const knownBytes = oncePer(messageBytes)

/** UTF-8 bytes of what a message says and calls. */
export function messageBytes(message: BaseMessage): number {
  const { content } = message
  const said = Buffer.byteLength(typeof content === 'string' ? content : JSON.stringify(content))
  const calls =
    AIMessage.isInstance(message) && message.tool_calls?.length ? JSON.stringify(message.tool_calls) : ''
  return said + Buffer.byteLength(calls) + aroundMessage
}
