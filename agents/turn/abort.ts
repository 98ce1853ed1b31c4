/** LangChain wraps what went wrong once per middleware. */
export function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || isAbort(error.cause)
}
