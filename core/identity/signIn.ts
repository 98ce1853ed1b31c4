import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail, Fault } from '../errors.ts'
import type { Logger } from '../observability/log.ts'
import type { Clock } from '../operations/context.ts'
import type { Attempts } from './attempts.ts'
import type { Account, Passwords } from './passwords.ts'
import type { Device, Sessions, SignedIn } from './sessions.ts'

export interface SignInRequest extends Device {
  readonly email: string
  readonly password: string
}

/** What is proven so far of who signs in. Only when every step has passed is there a session. */
interface Proven {
  readonly person?: string
}

/**
 * One step of signing in: it proves something, or refuses. A second factor is a step after the password that refuses
 * with a pending token (which opens nothing but that step); OpenID Connect is another first step.
 */
type SignInStep = (request: SignInRequest, proven: Proven) => Promise<Proven>

interface SignInParts {
  readonly database: Database
  readonly attempts: Attempts
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Logger
}

export function createSignIn(parts: SignInParts): (request: SignInRequest) => Promise<SignedIn> {
  const { attempts, sessions } = parts
  const steps: readonly SignInStep[] = [passwordStep(parts)]
  return async (given) => {
    const request = { ...given, email: normalEmail(given.email) }
    try {
      await attempts.admit(request.email, request.address)
      let proven: Proven = {}
      for (const step of steps) proven = await step(request, proven)
      const signedIn = proven.person && (await sessions.open(proven.person, request))
      if (!signedIn) fail('wrong_credentials')
      await attempts.giveBack(request.email, request.address)
      return signedIn
    } catch (error) {
      if (error instanceof Fault && error.code === 'wrong_credentials')
        recordRefusal(parts, request, error.code)
      throw error
    }
  }
}

function passwordStep({ database, passwords }: SignInParts): SignInStep {
  return async ({ email, password }) => {
    const account = await passwords.match(email, password, await accountsOf(database, email))
    return account ? { person: account.person_id } : fail('wrong_credentials')
  }
}

/** Nobody waits for it: the time of an answer must not tell whether there was a company to record it for. */
function recordRefusal(
  { database, clock, log }: SignInParts,
  { email, requestId }: SignInRequest,
  code: string,
): void {
  const line = uuidv7()
  const recorded = database.platformStatement(
    sql`SELECT platform.record_refused_sign_in(${line}, ${email}, ${code}, ${requestId ?? line}, ${clock.now()})`,
  )
  recorded.catch((error: unknown) =>
    log.error({ err: error, requestId }, 'a refused sign-in could not be recorded'),
  )
}

export const accountsOf = (database: Database, email: string): Promise<Account[]> =>
  database.platformStatement<Account>(sql`SELECT * FROM platform.accounts_of(${email})`)

/** Emails are compared without case and in one Unicode form. */
export const normalEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase()
