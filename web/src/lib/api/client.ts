import { locale, t } from '#lib/messages/index.ts'
import { ApiError, type ErrorBody } from './errors.ts'

export { ApiError, errorDetails, isAborted } from './errors.ts'
export { queryString } from './queryString.ts'

type RequestOptions = {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  /** The token by which a person has confirmed what cannot be undone; a call without one throws `confirmation_required`, and brings it. */
  confirmation?: string | undefined
  signal?: AbortSignal | undefined
}

/** Called when the session is over and cannot be renewed; the app sets it to go to the sign-in page. */
export const sessionEnd = { handler: () => {} }

/** Called when something was not there, with its path: its part of TekUp may have been switched off meanwhile. */
export const notFound = { handler: (_path: string) => {} }

/** Sends one request to the API and gives the parsed answer. Throws `ApiError`, or an AbortError when aborted. */
export async function api<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await send(path, options)
  return response.status === 204 ? (undefined as Answer) : await readJson<Answer>(response)
}

/** Like `api`, for those who read headers or a stream. The response is always a success. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  let response = await fetchOnce(path, options)
  if (response.status === 401 && !isSignIn(path)) {
    if (await refreshSession()) response = await fetchOnce(path, options)
    if (response.status === 401) sessionEnd.handler()
  }
  if (response.status === 404) notFound.handler(path)
  if (!response.ok) throw await toError(response)
  return response
}

/** What to tell the reader of whatever went wrong, in one sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? error.message : t('error.unreadable')
}

async function fetchOnce(path: string, options: RequestOptions): Promise<Response> {
  const method = options.method ?? 'GET'
  const headers = new Headers({
    accept: 'application/json',
    'accept-language': locale.current,
    ...options.headers,
  })
  if (method !== 'GET') headers.set('x-csrf', '1')
  if (options.confirmation !== undefined) headers.set('x-confirm', options.confirmation)
  if (options.body !== undefined) headers.set('content-type', 'application/json')
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiError(0, { code: 'unreachable', message: t('error.unreachable') })
  }
}

let refreshing: Promise<boolean> | undefined

/** Renews the session once for all the calls that found it expired at the same time. */
function refreshSession(): Promise<boolean> {
  refreshing ??= fetchOnce('/auth/refresh', { method: 'POST', body: {} })
    .then((response) => response.ok)
    .finally(() => (refreshing = undefined))
  return refreshing
}

function isSignIn(path: string): boolean {
  return path === '/auth/login' || path === '/auth/refresh'
}

async function readJson<Answer>(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer
  } catch {
    throw new ApiError(response.status, { code: 'unreadable', message: t('error.unreadable') })
  }
}

async function toError(response: Response): Promise<ApiError> {
  const body: { error?: ErrorBody } | undefined = await response.json().catch(() => undefined)
  const fallback: ErrorBody = {
    code: 'unreadable',
    message: t(response.status >= 502 ? 'error.unreachable' : 'error.unreadable'),
  }
  const requestId = response.headers.get('x-request-id')
  return new ApiError(response.status, body?.error ?? { ...fallback, ...(requestId && { requestId }) })
}
