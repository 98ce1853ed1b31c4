import type { Locale } from '#core'
import type { Skill } from '../brain.ts'

/** A thing that an argument points to, before its id is known. */
export type Reference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'self' }
  /** The last thing of the field's resource that was spoken of. */
  | { readonly kind: 'focus'; readonly loose?: true }
  /** The nth of the list last shown, from 1; -1 is the last. */
  | { readonly kind: 'ordinal'; readonly place: number }
  /** `loose`: the message only speaks of it; where nothing has the name, the thing is done without. */
  | { readonly kind: 'named'; readonly text: string; readonly loose?: true }
  /** The thing that an earlier command of the same turn made. */
  | { readonly kind: 'made'; readonly command: number }

/** What a sentence asks for: an operation, the arguments that could be read, and those that must be looked up. */
export interface Command {
  readonly skill: Skill
  readonly locale: Locale
  readonly args: Readonly<Record<string, unknown>>
  readonly references: Readonly<Record<string, readonly Reference[]>>
  readonly score: number
}
