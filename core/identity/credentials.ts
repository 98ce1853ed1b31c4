import { fail } from '../errors.ts'

/** What authentication reads of a request, on any surface. Header names are lower-case. */
export interface IncomingRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
}

export const accessCookie = 'tekup_access'
export const refreshCookie = 'tekup_refresh'

interface Credential {
  readonly text: string
  /** A cookie is sent by the browser whoever made the page, so it needs more than itself. */
  readonly from: 'header' | 'cookie'
}

/** The credential of a request: `X-Api-Key`, `Authorization: Bearer`, or the browser's cookie. */
export function credentialOf({ headers, cookies }: IncomingRequest): Credential | undefined {
  const key = single(headers['x-api-key'])
  if (key) return { text: key, from: 'header' }
  const authorization = single(headers['authorization'])
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    if (!token) fail('unauthenticated')
    return { text: token, from: 'header' }
  }
  const cookie = cookies[accessCookie]
  return cookie ? { text: cookie, from: 'cookie' } : undefined
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses an unsafe request that rides on a cookie unless our own page made it: the header `X-CSRF: 1`, which another
 * site's page cannot send without being let in by CORS, and an `Origin`, when sent, that is this host.
 */
export function requireOwnPage(request: IncomingRequest): void {
  if (safeMethods.has(request.method.toUpperCase())) return
  if (single(request.headers['x-csrf']) !== '1') fail('csrf')
  requireOwnOrigin(request)
}

/** The `Origin` rule alone, for sign-in and for WebSockets, whose opening request is a GET. */
export function requireOwnOrigin({ headers }: Pick<IncomingRequest, 'headers'>): void {
  const origin = single(headers['origin'])
  if (origin !== undefined && hostOf(origin) !== single(headers['host'])?.toLowerCase()) fail('csrf')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value
