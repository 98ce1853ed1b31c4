import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TenantTransaction } from '../database/database.ts'
import type { Clock, Origin } from './context.ts'
import type { Caller, Rule } from './caller.ts'
import type { AnyOperation, Effect } from './operation.ts'

/** What the policy says of a call: run it, have the person confirm it, or have a person approve it. */
export type Verdict = 'run' | 'confirm' | 'ask'

type Asker = 'person' | 'agent' | 'agentUntrusted' | 'alone' | 'underRule'

const policy: Record<Asker, Record<Effect, Verdict>> = {
  person: { read: 'run', write: 'run', send: 'run', destroy: 'confirm' },
  agent: { read: 'run', write: 'run', send: 'ask', destroy: 'ask' },
  agentUntrusted: { read: 'run', write: 'ask', send: 'ask', destroy: 'ask' },
  /** Nobody is there to ask: a job, or an outsider. */
  alone: { read: 'run', write: 'run', send: 'ask', destroy: 'ask' },
  /** A person has approved the rule that a job follows. */
  underRule: { read: 'run', write: 'run', send: 'run', destroy: 'run' },
}

/** Safety is decided here, from declared effects; no prompt and no model has a say. */
export function verdict({ effect }: AnyOperation, caller: Caller): Verdict {
  return policy[askerOf(caller)][effect as Effect]
}

function askerOf({ actor, untrusted, rule }: Caller): Asker {
  if (actor.kind === 'job' && rule !== undefined) return 'underRule'
  if (actor.kind === 'job' || actor.kind === 'outsider') return 'alone'
  if (actor.kind !== 'agent') return 'person'
  return untrusted ? 'agentUntrusted' : 'agent'
}

/** What whoever asked is told of the question that a person now has. */
export interface ApprovalNotice {
  readonly id: string
  readonly operation: string
  /** One sentence about what would be done. */
  readonly summary: string
  /** ISO 8601. */
  readonly expiresAt: string
}

/** One call that has been read and authorized, and not yet run. */
export interface AskedCall {
  readonly operation: AnyOperation
  /** As it was sent, and as the operation's schema reads it. */
  readonly raw: unknown
  readonly input: unknown
  readonly caller: Caller
}

/** A call that says it was approved: what its record must hold for it to run. */
export interface ApprovedCall {
  readonly approval: string
  readonly operation: AnyOperation
  /** `inputHash` of the operation and the input as it was sent. */
  readonly hash: string
  readonly caller: Caller
}

/** Who alone may approve what is asked on one surface; a plugin that is such a way in brings it. */
export interface PlaceApprovers {
  readonly surface: Origin['surface']
  /**
   * The ids of the people who alone may approve what was asked in this conversation. None of them is whoever may by their
   * rights; `undefined` is a place that is not known any more, where nobody may. It only takes away: whoever it names
   * must still have the permission.
   */
  readonly named: (
    reader: Pick<TenantTransaction, 'query'>,
    conversation: string,
  ) => Promise<readonly string[] | undefined>
}

/** What `invoke` asks of the approvals; `core/approvals` answers. */
export interface Approvals {
  /** The verdict of the table, of the company's own policy, and of what the person has said is always allowed. */
  decide(call: AskedCall): Promise<Verdict>
  /** One sentence about what would be done, with the names of what it is about. */
  tell(call: AskedCall): Promise<string>
  /** Keeps the question for a person; the same call again is the same question. Refuses what no agent may carry. */
  ask(call: AskedCall): Promise<ApprovalNotice>
  /** Takes the record for this transaction; refuses unless it was approved for exactly this and not carried out yet. */
  claim(transaction: TenantTransaction, call: ApprovedCall): Promise<void>
  /** Says in the same transaction that it is done, and puts the result where it was asked. */
  done(transaction: TenantTransaction, call: ApprovedCall, input: unknown, output: unknown): Promise<void>
}

/** What `invoke` asks of the automations; `core/automations` answers. */
export interface Rules {
  /** Holds the rule fast for this transaction; refuses unless it is switched on and approved for exactly this operation. */
  claim(transaction: TenantTransaction, rule: Rule, operation: AnyOperation): Promise<void>
}

const validForMs = 10 * 60_000

/**
 * Confirmations bind a person's yes to one exact input for ten minutes, without a record:
 * an HMAC over tenant, actor, input hash and expiry.
 */
export function createConfirmations(key: Buffer, clock: Clock) {
  const sign = ({ tenant, actor }: Caller, hash: string, expires: number): string =>
    createHmac('sha256', key).update([tenant.id, actor.id, hash, expires].join('\n')).digest('base64url')
  return {
    issue: (caller: Caller, hash: string): string => {
      const expires = clock.now().getTime() + validForMs
      return `${expires}.${sign(caller, hash, expires)}`
    },
    accepts: (caller: Caller, hash: string): boolean => {
      const [expires = '', signature = ''] = (caller.confirmation ?? '').split('.')
      const expected = Buffer.from(sign(caller, hash, Number(expires)))
      const given = Buffer.from(signature)
      const fresh = Number(expires) > clock.now().getTime()
      return fresh && given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

export type Confirmations = ReturnType<typeof createConfirmations>
