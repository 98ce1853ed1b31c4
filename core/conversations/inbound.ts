import { z } from 'zod'
import type { Locale } from '../language.ts'
import { parseInput } from '../operations/input.ts'
import type { AnyOperation } from '../operations/operation.ts'

/** Characters of one message: more than people write, less than a model chokes on. */
const longestMessage = 16_000

const InboundText = z.strictObject({
  conversation: z.uuid().optional(),
  /** Who to open a conversation with; one that is open keeps its own. */
  agent: z.uuid().optional(),
  text: z.string().trim().min(1).max(longestMessage),
  locale: z.enum(['da', 'en']).optional(),
  /** Made by the client, so that a message that is sent again is answered once. */
  message: z.uuid().optional(),
})

export type InboundText = z.output<typeof InboundText>

/** Reads what a client sent as a message, with the same checks and sentences as an operation's input. */
export function readInbound(sent: unknown, locale: Locale): InboundText {
  return parseInput({ input: InboundText } as unknown as AnyOperation, sent, locale) as InboundText
}
