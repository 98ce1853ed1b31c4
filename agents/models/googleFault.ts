import { durationOf, retryAfterOf } from './retryAfter.ts'
import { VendorFault, type FaultKind } from './vendorFault.ts'

/** Google's error model in JSON (google.rpc.Status, with the details that Gemini sends). */
export interface GoogleError {
  readonly code?: number
  readonly status?: string
  readonly message?: string
  readonly details?: readonly {
    readonly '@type'?: string
    readonly reason?: string
    readonly retryDelay?: string
    readonly violations?: readonly { readonly quotaId?: string }[]
  }[]
}

const kindsOfStatus: Readonly<Record<string, FaultKind>> = {
  UNAUTHENTICATED: 'wrong_key',
  PERMISSION_DENIED: 'forbidden',
  FAILED_PRECONDITION: 'forbidden',
  NOT_FOUND: 'no_such_model',
  RESOURCE_EXHAUSTED: 'rate_limited',
  INTERNAL: 'overloaded',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'overloaded',
}

/** Reads what Gemini refuses with (its guide "Troubleshooting"); a wrong key is an INVALID_ARGUMENT there. */
export function googleFault(
  httpStatus: number,
  error: GoogleError,
  headers?: Pick<Headers, 'get'>,
): VendorFault {
  const { details = [], status: code } = error
  const reason = details.find((each) => each.reason !== undefined)?.reason
  const delays = details.map(({ retryDelay }) => durationOf(retryDelay))
  const retryAfter = delays.find((delay) => delay !== undefined) ?? retryAfterOf(headers)
  return new VendorFault(kindOf(httpStatus, error, reason), {
    status: httpStatus,
    code: reason ?? code,
    retryAfter,
  })
}

function kindOf(
  httpStatus: number,
  { status = '', message = '', details = [] }: GoogleError,
  reason?: string,
): FaultKind {
  if (reason === 'API_KEY_INVALID') return 'wrong_key'
  const limits = details.flatMap(({ violations = [] }) => violations.map(({ quotaId = '' }) => quotaId))
  if (limits.some((limit) => limit.includes('PerDay'))) return 'quota'
  if (/exceeds the maximum number of tokens/.test(message)) return 'too_long'
  return (
    kindsOfStatus[status] ??
    (httpStatus === 429 ? 'rate_limited' : httpStatus >= 500 ? 'overloaded' : 'refused')
  )
}
