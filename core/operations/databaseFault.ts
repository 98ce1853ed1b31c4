import { fault, type Fault } from '../errors.ts'

interface DatabaseError {
  readonly code?: string
  readonly constraint?: string
  readonly detail?: string
  readonly original?: DatabaseError
  readonly parent?: DatabaseError
  readonly name?: string
  readonly message?: string
}

const stillReferred = { da: 'noget andet henviser stadig til det.', en: 'other things still refer to it.' }
const outOfRange = { da: 'en værdi er uden for det tilladte.', en: 'a value is out of range.' }
const changedAtOnce = {
  da: 'en anden ændrer det samme. Prøv igen.',
  en: 'somebody changes the same. Try again.',
}

/**
 * What PostgreSQL refused, as a refusal that a person can act on (SQLSTATE codes: PostgreSQL manual, appendix A).
 * A reference to another company's row reads exactly as one to a row that does not exist.
 */
export function databaseFault(thrown: unknown): Fault {
  const error = (thrown ?? {}) as DatabaseError
  const cause = { cause: thrown }
  const original = error.original ?? error.parent ?? error
  switch (original.code) {
    case '23505':
      return fault('already_exists', { what: keyOf(original.detail) ?? original.constraint ?? '' }, cause)
    case '23503':
      return isDeletion(original.detail)
        ? fault('conflict', { reason: stillReferred }, cause)
        : fault('not_found', undefined, cause)
    case '23502':
    case '23514':
    case '22001':
    case '22003':
    case '22007':
    case '22008':
    case '22009':
    case '22021':
    case '22P02':
    case '22P05':
      return fault('invalid_input', { problem: outOfRange }, cause)
    case '40001':
    case '40P01':
    case '55P03':
      return fault('conflict', { reason: changedAtOnce }, cause)
    case '53100':
      return fault('storage_full', undefined, cause)
    case 'TU001':
      return fault('job_ended', undefined, cause)
    case '57014':
      return fault('timeout', undefined, cause)
    default:
      return isOutOfReach(original) || error.name === 'SequelizeConnectionAcquireTimeoutError'
        ? fault('unavailable', undefined, cause)
        : fault('internal', undefined, cause)
  }
}

/** Too many connections, a server that stops or starts, a connection that failed (class 08), and what sockets say. */
const outOfReach =
  /^(53300|57P0[1235]|08...|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

/** What `pg` says of a connection that broke, or never came about; it gives these no code. */
const broken =
  /^(Connection terminated|timeout expired|Client has encountered a connection error|Client was closed|Query read timeout)/

const isOutOfReach = ({ code, message }: DatabaseError): boolean =>
  code === undefined ? broken.test(message ?? '') : outOfReach.test(code)

/** "Key (tenant_id, email)=(…, a@b.example) already exists." → "a@b.example", without the tenant. */
function keyOf(detail: string | undefined): string | undefined {
  const values = /\)=\(([^)]*)\)/.exec(detail ?? '')?.[1]?.split(', ')
  return values?.slice(1).join(', ') || undefined
}

const isDeletion = (detail: string | undefined): boolean => (detail ?? '').includes('is still referenced')
