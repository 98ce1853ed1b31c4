/** What kept a model from answering. */
export const faultKinds = [
  'wrong_key',
  'forbidden',
  'no_such_model',
  'no_tools',
  'quota',
  'rate_limited',
  'overloaded',
  'refused',
  'too_long',
  'blocked',
  'malformed',
  'silent',
  'broke_off',
  'unreachable',
  'not_allowed',
] as const
export type FaultKind = (typeof faultKinds)[number]

interface FaultDetails {
  readonly status?: number | undefined
  /** The vendor's own word for it: a code, never a sentence, which could hold a key or what a person wrote. */
  readonly code?: string | undefined
  /** Milliseconds that the vendor asks to wait. */
  readonly retryAfter?: number | undefined
  readonly answerId?: string | undefined
  readonly cause?: unknown
}

/** A vendor's model that did not answer, without a word of what the vendor wrote: fit for logs and traces. */
export class VendorFault extends Error {
  override name = 'VendorFault'
  readonly kind: FaultKind
  readonly status: number | undefined
  readonly code: string | undefined
  readonly retryAfter: number | undefined
  /** The id of the message whose pieces had been told when it failed. */
  answerId: string | undefined

  constructor(kind: FaultKind, { status, code, retryAfter, answerId, cause }: FaultDetails = {}) {
    super([`The model did not answer: ${kind}`, status, code].filter((part) => part !== undefined).join(', '))
    this.kind = kind
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
    this.answerId = answerId
    // Only our own refusals are passed on; what a vendor's client threw holds the vendor's text.
    if (cause !== undefined) this.cause = cause
    // Until a stack has been asked for, V8 keeps all that stood on it; a breaker keeps its last failure, and with it a conversation.
    void this.stack
  }
}

/** The vendor's fault within an error that others may have wrapped. */
export function vendorFaultIn(error: unknown): VendorFault | undefined {
  if (error instanceof VendorFault) return error
  return error instanceof Error ? vendorFaultIn(error.cause) : undefined
}

/** Faults of the vendor or of the way to it, rather than of this one conversation: they count towards not asking it for a while. */
const outages: ReadonlySet<FaultKind> = new Set([
  'wrong_key',
  'forbidden',
  'no_such_model',
  'no_tools',
  'quota',
  'rate_limited',
  'overloaded',
  'silent',
  'broke_off',
  'unreachable',
  'not_allowed',
])

export function isOutage(error: unknown): boolean {
  const fault = vendorFaultIn(error)
  return fault !== undefined && outages.has(fault.kind)
}

const passing: ReadonlySet<FaultKind> = new Set(['rate_limited', 'overloaded', 'unreachable', 'broke_off'])

/** What may be gone a moment later; a key that is wrong stays wrong, and an empty account stays empty. */
export function isPassing(error: unknown): boolean {
  const fault = vendorFaultIn(error)
  return fault !== undefined && passing.has(fault.kind)
}
