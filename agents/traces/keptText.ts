import { hash } from 'node:crypto'

/** A text that many traces name by its hash, and that is kept once for all of them. */
export interface KeptText {
  /** The first 16 bytes of the SHA-256 of the text, and of the conversation's id before it; in base64url. */
  readonly hash: string
  readonly text: string
  /** The conversation that it belongs to, and goes with. */
  readonly conversation?: string
}

export const keptText = (text: string): KeptText => ({ hash: hashOf(text), text })

export const keptTextOf = (conversation: string, text: string): KeptText => ({
  hash: hashOf(conversation + text),
  text,
  conversation,
})

const hashOf = (text: string): string => hash('sha256', text, 'buffer').subarray(0, 16).toString('base64url')
