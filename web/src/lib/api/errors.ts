export type ErrorBody = { code: string; message: string; requestId?: string; details?: unknown }

/** An answer that is not a success. `message` is a sentence for the reader, in the reader's language. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** What to tell support; absent when the server was never reached. */
  readonly requestId: string | undefined
  readonly details: unknown

  constructor(status: number, body: ErrorBody) {
    super(body.message)
    this.name = 'ApiError'
    this.status = status
    this.code = body.code
    this.requestId = body.requestId
    this.details = body.details
  }
}

/** The details of one kind of error, where the server documents them as an object. */
export function errorDetails<Details extends object>(error: ApiError): Partial<Details> {
  return typeof error.details === 'object' && error.details !== null
    ? (error.details as Partial<Details>)
    : {}
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

/** Whether the same question may well be answered in a moment: the server was not reached, or had no time. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500)
}
