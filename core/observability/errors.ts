/** What a log line says of an error. */
export interface LoggedError {
  readonly type: string
  readonly message: string
  readonly stack?: string
  readonly code?: string | number
  readonly cause?: LoggedError
  /** The errors that an `AggregateError` stands for. */
  readonly errors?: readonly LoggedError[]
}

/** Causes behind each other that are said; a ring of them ends. */
const deepest = 5

/**
 * What says why something went wrong, and nothing else. Libraries hang onto their errors what they had in hand: the
 * connection with its password, the statement with a customer's values, the request with its key.
 */
export function loggedError(thrown: unknown, depth = deepest): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: withoutPasswords(String(thrown)) }
  const { name, message, stack, code, cause, original, errors } = thrown as ThrownError
  const behind = cause ?? original
  return {
    type: thrown.constructor.name || name,
    message: withoutPasswords(message),
    ...(stack !== undefined && { stack: withoutPasswords(stack) }),
    ...(isCode(code) && { code }),
    ...(behind !== undefined && depth > 0 && { cause: loggedError(behind, depth - 1) }),
    ...(Array.isArray(errors) && depth > 0 && { errors: errors.map((each) => loggedError(each, depth - 1)) }),
  }
}

interface ThrownError extends Error {
  readonly code?: unknown
  /** The same as a cause, as Sequelize calls it. */
  readonly original?: unknown
  readonly errors?: unknown
}

const isCode = (code: unknown): code is string | number =>
  typeof code === 'string' || typeof code === 'number'

/** `postgres://somebody:a-password@host` without what stands between the colon and the at. */
const withoutPasswords = (text: string): string =>
  text.replaceAll(/([a-z][a-z\d+.-]*:\/\/[^\s/:@]*:)[^\s/]+@/gi, '$1[redacted]@')
