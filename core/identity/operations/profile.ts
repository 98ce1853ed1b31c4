import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { z } from 'zod'
import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { locales } from '../../language.ts'
import type { ReadContext, WriteContext } from '../../operations/context.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import type { AccessChanges } from '../accessChanges.ts'
import { requireGoodPassword, type Passwords } from '../passwords.ts'
import { actingPerson, sessionOf } from './actor.ts'

const Profile = z.object({ id: z.uuid(), name: z.string(), email: z.string(), locale: z.enum(locales) })

const getProfile = operation({
  name: 'platform.profile.get',
  summary: 'Get the person’s own name, email and language',
  effect: 'read',
  input: z.strictObject({}),
  output: Profile,
  run: (_, context) => profileOf(context),
})

const password = z.string().max(1_000)

export function profileOperations(passwords: Passwords, changes: AccessChanges): AnyOperation[] {
  const changePassword = passwordChanger(passwords)
  const updateProfile = operation({
    name: 'platform.profile.update',
    summary: 'Change the person’s own name, language or password; a new password ends their other sessions',
    effect: 'write',
    input: z.strictObject({
      name: z.string().trim().min(1).max(200).optional().meta({ kind: 'personName' }),
      locale: z.enum(locales).optional(),
      password: password.optional().meta({ secret: true }),
      currentPassword: password.optional().meta({ secret: true }),
    }),
    output: Profile,
    async run({ name, locale, ...wanted }, context) {
      const person = actingPerson(context)
      const hash = await changePassword(context, wanted)
      await context.query(sql`
        SELECT platform.update_profile(${person}, ${name ?? null}, ${locale ?? null}, ${hash}, ${context.clock.now()})`)
      changes.announce(person)
      if (hash) await endOtherSessions(context, person)
      return profileOf(context)
    },
  })
  return [getProfile, updateProfile]
}

interface WantedPassword {
  readonly password?: string | undefined
  readonly currentPassword?: string | undefined
}

/** Guesses at the current password, per person and process, in a quarter of an hour. */
const guesses = { points: 5, duration: 900 }

/** The hash of the new password once the current one has been shown, or null when none is wanted. */
function passwordChanger(passwords: Passwords) {
  const limiter = new RateLimiterMemory(guesses)
  return async (context: WriteContext, wanted: WantedPassword): Promise<string | null> => {
    if (wanted.password === undefined) return null
    const person = actingPerson(context)
    const [account] = await context.query<{ email: string; password_hash: string }>(
      sql`SELECT * FROM platform.password_of(${person})`,
    )
    if (!account) fail('not_found')
    requireGoodPassword(account.email, wanted.password)
    await limiter.consume(person).catch(refuseGuess)
    if (!(await passwords.match(account.email, wanted.currentPassword ?? '', [account]))) {
      fail('invalid_input', {
        problem: wrongPassword,
        issues: [{ path: 'currentPassword', message: wrongPassword.en }],
      })
    }
    await limiter.delete(person)
    return passwords.hash(account.email, wanted.password)
  }
}

function refuseGuess(refused: unknown): never {
  if (!(refused instanceof RateLimiterRes)) throw refused
  fail('rate_limited', { seconds: Math.ceil(refused.msBeforeNext / 1000) })
}

const endOtherSessions = (context: WriteContext, person: string): Promise<unknown[]> =>
  context.query(sql`
    SELECT * FROM platform.end_sessions_of(${person}, NULL, ${sessionOf(context)}, ${context.clock.now()})`)

async function profileOf(context: ReadContext | WriteContext): Promise<z.output<typeof Profile>> {
  const [row] = await context.query<z.output<typeof Profile>>(
    sql`SELECT id, name, email, locale FROM platform.people WHERE id = ${actingPerson(context)}`,
  )
  return row ?? fail('not_found')
}

const wrongPassword = {
  da: 'currentPassword: den nuværende adgangskode er forkert.',
  en: 'currentPassword: the current password is wrong.',
}
