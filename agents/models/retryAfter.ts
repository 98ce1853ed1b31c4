/**
 * Milliseconds that an answer asks to wait: OpenAI's `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date
 * (RFC 9110, 10.2.3); `undefined` when it does not say.
 */
export function retryAfterOf(
  headers: Pick<Headers, 'get'> | undefined,
  now = Date.now(),
): number | undefined {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds)
  const text = headers?.get('retry-after')?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** A length of time as Google's protocol writes it in JSON: `34s`, `0.5s` (google.protobuf.Duration). */
export function durationOf(text: unknown): number | undefined {
  const seconds = typeof text === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(text)?.[1] : undefined
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}
