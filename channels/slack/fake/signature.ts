import { createHmac } from 'node:crypto'

/** Headers that prove a request to be Slack's: HMAC-SHA256 of `v0:<seconds>:<body>` with the signing secret. */
export function signatureHeaders(
  signingSecret: string,
  body: string,
  seconds = Math.floor(Date.now() / 1000),
): Record<'x-slack-request-timestamp' | 'x-slack-signature', string> {
  const hash = createHmac('sha256', signingSecret).update(`v0:${seconds}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': `v0=${hash}` }
}
