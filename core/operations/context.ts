import type { z } from 'zod'
import type { Results } from '../database/database.ts'
import type { Statement } from '../database/sql.ts'
import type { EventType } from '../events/event.ts'
import type { EnqueueOptions } from '../jobs/enqueue.ts'
import type { Job } from '../jobs/job.ts'
import type { Locale } from '../language.ts'
import type { Logger } from '../observability/log.ts'
import type { Egress } from '../egress/index.ts'
import type { Settings, SettingsOf } from '../settings/settings.ts'
import type { UsageMeter } from '../usage/meter.ts'
import type { TenantVault } from '../vault/vault.ts'
import type { AnyOperation, InputOf, OutputOf, ReadOperation } from './operation.ts'
import type { Words } from './words.ts'

export interface Tenant {
  readonly id: string
  readonly name: string
}

/**
 * Who acts. An agent always acts for a person, with that person's permissions and no more; a job does for whoever asked
 * for it, where somebody did.
 */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'key'; readonly id: string; readonly name: string; readonly personId: string }
  | { readonly kind: 'agent'; readonly id: string; readonly name: string; readonly personId: string }
  | { readonly kind: 'job'; readonly id: string; readonly name: string; readonly personId?: string }
  /** Somebody unknown with a public key; the id and name are those of what the key is of. */
  | { readonly kind: 'outsider'; readonly id: string; readonly name: string }

/** The way in, for the trail; a handler that decides by it is wrong. */
export interface Origin {
  readonly surface: 'rest' | 'chat' | 'mcp' | 'slack' | 'voice' | 'job' | 'seed' | 'public'
  readonly conversation?: string
  readonly requestId: string
}

/** What can be done here, for operations that speak of other operations; to call one, see `call`. */
export interface Catalogue {
  find(name: string): AnyOperation | undefined
  words(operation: AnyOperation, locale: Locale): Words
}

export interface Clock {
  now(): Date
}

/** What a read may see and do. There is no writer in it: writing from a read does not compile. */
export interface ReadContext {
  readonly tenant: Tenant
  readonly actor: Actor
  readonly origin: Origin
  readonly locale: Locale
  /** Every permission of the actor, for what is shown to those who may act on it; calls are checked anyway. */
  readonly permissions: ReadonlySet<string>
  /** The plugins that the company has switched on. */
  readonly domains: ReadonlySet<string>
  readonly operations: Catalogue
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  /** Runs one parameterised statement in this operation's transaction, as this tenant. */
  query<Row>(statement: Statement): Promise<Row[]>
  /** What the company has chosen of this plugin; asked for again and again it costs nothing. */
  settings<Chosen extends Settings>(of: Chosen): Promise<SettingsOf<Chosen>>
  /** Calls another read as the same actor, with its own permission check, in this transaction. */
  call<O extends ReadOperation>(operation: O, input: InputOf<O>): Promise<OutputOf<O>>
}

/** What an operation reads before it speaks with another system, and what it speaks with. */
export interface OutsideContext extends Omit<ReadContext, 'call'> {
  /** Opens the secrets that the company has given in keeping. */
  readonly vault: Pick<TenantVault, 'open'>
  /** The one door for HTTP to addresses that a tenant or an outsider chose. */
  readonly egress: Pick<Egress, 'fetchTo'>
  /** What a call of a model passes first. */
  readonly usage: UsageMeter
}

export interface WriteContext extends Omit<ReadContext, 'call'> {
  /** Calls another operation as the same actor, with its own permission check, in this transaction. */
  call<O extends AnyOperation>(operation: O, input: InputOf<O>): Promise<OutputOf<O>>
  /**
   * Starts each piece of work once the one before has sent its statement: a model's write and the read of what it
   * wrote run in order on the server and cost one exchange.
   */
  pipeline<Work extends readonly (() => Promise<unknown>)[]>(...work: Work): Promise<Results<Work>>
  /** Seals and opens the secrets that the company has given in keeping. */
  readonly vault: TenantVault
  /** The one door for HTTP to addresses that a tenant or an outsider chose. */
  readonly egress: Pick<Egress, 'fetchTo'>
  /** What a call of a model passes first. */
  readonly usage: UsageMeter
  /** Tells the rest of the platform what happened; it is stored with the change or not at all. */
  emit<Payload extends z.ZodType>(type: EventType<Payload>, payload: z.input<Payload>): void
  /**
   * Has something done later, by a worker, with the right of whoever acts here; it is stored with the change or not at
   * all. Answers the id of the job.
   */
  enqueue<Doing extends AnyOperation>(
    job: Job<Doing>,
    input: InputOf<Doing>,
    options?: EnqueueOptions,
  ): string
}

/** The person on whose behalf the actor acts, if there is one. */
export function personOf(actor: Actor): string | undefined {
  if (actor.kind === 'person') return actor.id
  return 'personId' in actor ? actor.personId : undefined
}
