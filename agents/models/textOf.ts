import type { BaseMessage } from '@langchain/core/messages'

/** The words of a message. Nearly always they are all of it, and LangChain need not put together what else it could hold. */
export const textOf = (message: BaseMessage): string =>
  typeof message.content === 'string' ? message.content : message.text
