import type { Amount } from './money.ts'
import type { Duration, Moment } from './moment.ts'

/** Something with a form of its own found in a text: characters `start` to `end`, of which `core` begins the value itself. */
export type Entity = { readonly start: number; readonly end: number; readonly core: number } & Read

export type Read =
  | { readonly type: 'email'; readonly value: string }
  | { readonly type: 'phone'; readonly value: string }
  | { readonly type: 'cvr'; readonly value: string }
  | { readonly type: 'url'; readonly value: string }
  | { readonly type: 'uuid'; readonly value: string }
  | { readonly type: 'quoted'; readonly value: string }
  | { readonly type: 'money'; readonly value: Amount }
  | { readonly type: 'moment'; readonly value: Moment }
  | { readonly type: 'duration'; readonly value: Duration }
  | { readonly type: 'number'; readonly value: number }

export type EntityType = Read['type']
