/** Codes of `ErrorCode` in @slack/web-api, which is not loaded for them. */
const platform = 'slack_webapi_platform_error'
const limited = 'slack_webapi_rate_limited_error'

/** The company has switched Slack off: no call is made, and what waits is kept. */
export const switchedOff = 'switched_off'

/** A call that Slack did not do, or of which we do not know whether it did. */
export class SlackRefusal extends Error {
  override name = 'SlackRefusal'
  /** `unknown`: the call may have been done. */
  readonly kind: 'refused' | 'rate_limited' | 'unknown'
  /** Slack's error, such as `channel_not_found`; empty where it gave none. */
  readonly code: string
  /** Seconds to wait, where Slack said so. */
  readonly retryAfter: number | undefined

  constructor(kind: SlackRefusal['kind'], code: string, retryAfter?: number, options?: ErrorOptions) {
    super(`Slack did not do it (${code || kind}).`, options)
    this.kind = kind
    this.code = code
    this.retryAfter = retryAfter
  }
}

interface Thrown {
  readonly code?: string
  readonly data?: { readonly error: string }
  /** Seconds. */
  readonly retryAfter?: number
}

/** What Slack's own client throws, as one kind of thing. */
export function refusalOf(error: unknown): SlackRefusal {
  if (error instanceof SlackRefusal) return error
  const { code, data, retryAfter } = error as Thrown
  if (code === platform) return new SlackRefusal('refused', data?.error ?? '')
  if (code === limited) return new SlackRefusal('rate_limited', 'ratelimited', retryAfter)
  return new SlackRefusal('unknown', '', undefined, { cause: error })
}
