import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from './context.ts'
import type { Caller } from './caller.ts'
import type { AnyOperation, Effect } from './operation.ts'

/** What the policy says of a call: run it, have the person confirm it, or have a person approve it. */
type Verdict = 'run' | 'confirm' | 'ask'

const policy: Record<'person' | 'agent' | 'agentUntrusted' | 'job', Record<Effect, Verdict>> = {
  person: { read: 'run', write: 'run', send: 'run', destroy: 'confirm' },
  agent: { read: 'run', write: 'run', send: 'ask', destroy: 'ask' },
  agentUntrusted: { read: 'run', write: 'ask', send: 'ask', destroy: 'ask' },
  job: { read: 'run', write: 'run', send: 'ask', destroy: 'ask' },
}

/** Safety is decided here, from declared effects; no prompt and no model has a say. */
export function verdict(operation: AnyOperation, { actor, untrusted }: Caller): Verdict {
  if (actor.kind === 'job') return policy.job[operation.effect as Effect]
  if (actor.kind !== 'agent') return policy.person[operation.effect as Effect]
  return policy[untrusted ? 'agentUntrusted' : 'agent'][operation.effect as Effect]
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
