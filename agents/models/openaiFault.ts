import { connectionFault } from './connectionFault.ts'
import { retryAfterOf } from './retryAfter.ts'
import { VendorFault, type FaultKind } from './vendorFault.ts'

/** What OpenAI's client throws (its `APIError`), as far as it is read here. */
interface ApiError {
  readonly status?: number
  readonly code?: string | number | null
  readonly type?: string | null
  readonly message?: string
  readonly name?: string
  readonly headers?: Pick<Headers, 'get'>
}

const kindsOfCode: Readonly<Record<string, FaultKind>> = {
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  context_length_exceeded: 'too_long',
  content_filter: 'blocked',
  model_not_found: 'no_such_model',
  DeploymentNotFound: 'no_such_model',
  invalid_api_key: 'wrong_key',
  server_error: 'overloaded',
  rate_limit_exceeded: 'rate_limited',
}

const kindsOfStatus: Readonly<Record<number, FaultKind>> = {
  401: 'wrong_key',
  402: 'quota',
  403: 'forbidden',
  404: 'no_such_model',
  429: 'rate_limited',
}

/** Reads what servers that speak OpenAI's API refuse with (its guide "Error codes"; Azure, Ollama and vLLM differ in codes). */
export function openaiFault(error: unknown, begun: 'begun' | 'not begun'): VendorFault {
  const { status, code, type, name, message = '', headers } = (error ?? {}) as ApiError
  const said = kindsOfCode[String(code)] ?? kindsOfCode[String(type)]
  if (name === 'ContextOverflowError') return new VendorFault('too_long', { status })
  if (typeof status !== 'number' && !said) return connectionFault(error, begun)
  const kind = said ?? (withoutTools.test(message) ? 'no_tools' : kindOfStatus(status ?? 500))
  return new VendorFault(kind, { status, code: textOf(code ?? type), retryAfter: retryAfterOf(headers) })
}

const kindOfStatus = (status: number): FaultKind =>
  kindsOfStatus[status] ?? (status >= 500 ? 'overloaded' : 'refused')

/** Ollama's and vLLM's words for a model that cannot call tools; neither has a code for it. */
const withoutTools = /does not support tools|--enable-auto-tool-choice/

const textOf = (code: unknown): string | undefined =>
  typeof code === 'string' || typeof code === 'number' ? String(code).slice(0, 60) : undefined
