import type { Answer, Delivery } from './deliveries.ts'
import { signatureHeaders } from './signature.ts'

/** Sends a signed request as Slack does: JSON for events, forms for what people do. */
export async function sendByHttp(url: string, signingSecret: string, delivery: Delivery): Promise<Answer> {
  const body = bodyOf(delivery)
  const headers = {
    'Content-Type': delivery.kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
    'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    ...signatureHeaders(signingSecret, body),
    ...(delivery.attempt > 0 && {
      'x-slack-retry-num': String(delivery.attempt),
      'x-slack-retry-reason': delivery.reason ?? 'unknown_error',
    }),
  }
  try {
    return await answerOf(await fetch(url, { method: 'POST', headers, body, redirect: 'manual' }))
  } catch {
    return { failure: 'connection_failed' }
  }
}

function bodyOf({ kind, payload }: Delivery): string {
  if (kind === 'events_api') return JSON.stringify(payload)
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const fields = Object.entries(payload).map(([name, value]): [string, string] => [name, String(value)])
  return new URLSearchParams(fields).toString()
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const noRetry = response.headers.get('x-slack-no-retry') === '1'
  return {
    status: response.status,
    body: bodyIn(text),
    ...(noRetry && { noRetry }),
    ...(!response.ok && { failure: 'http_error' }),
  }
}

/** JSON where it is JSON, else the text itself, which a command's answer may be. */
function bodyIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Asks a request URL for its challenge, as Slack does before it sends anything there. */
export async function verifyUrl(url: string, signingSecret: string): Promise<boolean> {
  const challenge = signatureHeaders(signingSecret, url)['x-slack-signature'].slice(3)
  const payload = { type: 'url_verification', token: 'verification', challenge }
  const { body } = await sendByHttp(url, signingSecret, { kind: 'events_api', payload, attempt: 0 })
  return body === challenge || (body as { challenge?: string } | undefined)?.challenge === challenge
}

/** What Slack sends now and then to see whether the address has a good certificate: a form without a signature. */
export async function checkCertificate(url: string, token = 'verification'): Promise<number> {
  const body = new URLSearchParams({ ssl_check: '1', token })
  return (await fetch(url, { method: 'POST', body })).status
}
