import type { TenantTransaction } from '../database/database.ts'
import type { Locale } from '../language.ts'
import type { AgentRules } from './agentRules.ts'
import type { Actor, Origin, Tenant } from './context.ts'

/** What a job records of itself in the transaction of its effect. */
export interface JobPiece {
  /** Opens the transaction of its effect, which it may share with other pieces of its company. */
  transact<Result>(work: (transaction: TenantTransaction) => Promise<Result>): Promise<Result>
  end(transaction: TenantTransaction, output: unknown): void
}

/** The automation that a person approved, and the hash of exactly what they approved. */
export interface Rule {
  readonly id: string
  readonly hash: string
}

/** How many jobs stand between a call and whoever set all of it going, and which automations were among them. */
export interface Cause {
  readonly depth: number
  readonly automations: readonly string[]
}

/** Who calls, as a surface established it; a tenant id never comes from what a client sent. */
export interface Caller {
  readonly tenant: Tenant
  readonly actor: Actor
  readonly origin: Origin
  readonly locale: Locale
  /** Every permission the actor holds in this tenant, such as `crm.deals:write`. */
  readonly permissions: ReadonlySet<string>
  /** Where an agent acts: what it is allowed of all that. */
  readonly rules?: AgentRules
  /** Domains that the tenant has switched on. */
  readonly domains: ReadonlySet<string>
  /** The conversation has seen outsiders' words, so writes of an agent are asked about. */
  readonly untrusted?: boolean
  /** The same key means the same call: a repeat gets the stored outcome. */
  readonly idempotencyKey?: string
  /** The token that a `confirmation_required` refusal handed out for exactly this input. */
  readonly confirmation?: string
  /** The approval that this call carries out: set by approvals alone, and claimed in the call's own transaction. */
  readonly approval?: string
  /** The piece of a job that this call is: set by workers alone, and ended in the call's own transaction. */
  readonly piece?: JobPiece
  /** The rule under which a job also sends and destroys: set by workers alone, and claimed in the call's own transaction. */
  readonly rule?: Rule
  /** What led to this call, where that is not whoever acts alone. */
  readonly cause?: Cause
  readonly signal?: AbortSignal
}
