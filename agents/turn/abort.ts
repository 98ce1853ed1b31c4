/** Vendors' clients and faults keep what went wrong as their cause. */
export function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || isAbort(error.cause)
}
