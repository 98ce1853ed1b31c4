/** `?a=1&b=2` of the values that are set, or nothing. */
export function queryString(values: Record<string, string | number | null | undefined>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    if (value != null && value !== '') parameters.set(name, String(value))
  const text = parameters.toString()
  return text && `?${text}`
}
