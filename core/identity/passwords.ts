import { createHmac, timingSafeEqual } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { fail } from '../errors.ts'
import { commonPasswords } from './commonPasswords.ts'

export interface Account {
  readonly person_id: string
  readonly password_hash: string
}

export interface Passwords {
  /** The argon2id hash to keep (PHC string). */
  hash(email: string, password: string): Promise<string>
  /** The first account whose password this is. Takes the same time for no account, one or several. */
  match<Candidate extends Pick<Account, 'password_hash'>>(
    email: string,
    password: string,
    accounts: readonly Candidate[],
  ): Promise<Candidate | undefined>
}

/** OWASP's password storage recommendation for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }

/**
 * All accounts of an email share a salt that only this installation can compute, so one computation serves them all:
 * neither whether an email is known nor in how many companies shows in the time that an answer takes.
 */
export function createPasswords(key: Buffer): Passwords {
  const hashOf = (email: string, password: string): Promise<string> =>
    hash(password.normalize('NFC'), { ...cost, salt: saltOf(key, email) })
  return {
    hash: hashOf,
    match: async (email, password, accounts) => {
      const expected = await hashOf(email, password)
      for (const account of accounts) {
        if (sameText(account.password_hash, expected)) return account
        if (isFromElsewhere(account.password_hash, expected) && (await verify(account.password_hash, password.normalize('NFC')))) return account // prettier-ignore
      }
      return undefined
    },
  }
}

const shortest = 10
const longest = 200

/** Refuses a password that is too short, too long, the email itself or one of the first that anybody tries. */
export function requireGoodPassword(email: string, password: string): void {
  const length = [...password].length
  if (length < shortest || length > longest) refuse(wrongLength)
  const plain = password.toLowerCase()
  if (plain === email || plain === email.split('@', 1)[0]) refuse(isEmail)
  if (commonPasswords.has(plain) || new Set(plain).size < 4) refuse(tooCommon)
}

const wrongLength = {
  da: `adgangskoden skal være på ${shortest} til ${longest} tegn.`,
  en: `the password must have ${shortest} to ${longest} characters.`,
}
const isEmail = { da: 'adgangskoden må ikke være e-mailen.', en: 'the password must not be the email.' }
const tooCommon = {
  da: 'adgangskoden er for let at gætte. Vælg en anden.',
  en: 'the password is too easy to guess. Choose another.',
}

function refuse(problem: { da: string; en: string }): never {
  fail('invalid_input', { problem, issues: [{ path: 'password', message: problem.en }] })
}

const saltOf = (key: Buffer, email: string): Buffer =>
  createHmac('sha256', key).update(email).digest().subarray(0, 16)

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Made with another cost or salt (an older version, an imported account): `$argon2id$v=19$m=…$salt$` differs. */
const isFromElsewhere = (stored: string, expected: string): boolean =>
  stored.slice(0, stored.lastIndexOf('$')) !== expected.slice(0, expected.lastIndexOf('$'))
