import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds that a signature's time may lie before or after ours (Slack: Verifying requests). Bolt looks only for old ones. */
const tolerance = 300

interface Signed {
  readonly secret: string
  /** As they came: a byte that was read and written again is another one. */
  readonly body: Buffer
  readonly signature: string | undefined
  /** Seconds since 1970, as the header says it. */
  readonly timestamp: string | undefined
}

/** Whether Slack, and nobody else, has sent these bytes just now: HMAC-SHA256 of `v0:<seconds>:<body>`. */
export function isFromSlack({ secret, body, signature, timestamp }: Signed, now: Date): boolean {
  if (secret === '' || signature === undefined || !/^\d{1,12}$/.test(timestamp ?? '')) return false
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > tolerance) return false
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')
  const [expected, given] = [Buffer.from(`v0=${hash}`), Buffer.from(signature)]
  return expected.length === given.length && timingSafeEqual(expected, given)
}
