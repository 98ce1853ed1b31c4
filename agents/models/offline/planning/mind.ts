import type { Locale } from '#core'
import type { OfflineBrain } from '../brain.ts'
import type { Surroundings } from '../entities/recognize.ts'

/** Everything a decision is made from besides the conversation. */
export interface Mind {
  readonly brain: OfflineBrain
  /** Whether an operation's tool was given for this turn. */
  readonly offered: (operation: string) => boolean
  readonly surroundings: Surroundings
  readonly locale: Locale
  readonly person?: { readonly id: string; readonly name?: string; readonly email?: string }
}
