import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'

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

/** What Slack's own client throws, as one kind of thing. */
export function refusalOf(error: unknown): SlackRefusal {
  if (error instanceof SlackRefusal) return error
  if (error instanceof WebAPIPlatformError) return new SlackRefusal('refused', error.data.error)
  if (error instanceof WebAPIRateLimitedError)
    return new SlackRefusal('rate_limited', 'ratelimited', error.retryAfter)
  return new SlackRefusal('unknown', '', undefined, { cause: error })
}
