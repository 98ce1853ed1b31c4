import type { Channel } from '../sources/source.ts'
import type { z } from 'zod'

/** What tells one demo company's leads from another's. */
export interface Profile {
  readonly seed: number
  readonly sources: readonly (readonly [name: string, channel: z.output<typeof Channel>])[]
  /** Name, title, company, town. */
  readonly people: readonly (readonly [name: string, title: string, company: string, city: string])[]
  readonly messages: readonly string[]
  /** Words of messages that are worth points, and why. */
  readonly wanted: readonly [reason: string, words: string, points: number]
  readonly disqualified: readonly string[]
  readonly form: { readonly name: string; readonly consent: string; readonly page: string }
}
