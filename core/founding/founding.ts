import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Fault } from '../errors.ts'
import { requireGoodPassword, type Identity } from '../identity/index.ts'
import { isLocale, localeFrom, type Locale } from '../language.ts'
import { readablePassword } from './readablePassword.ts'
import { readSecret } from './secret.ts'
import { words } from './words.ts'

/** A company that cannot be made as it was asked for, with the sentence that says what to do. */
export class FoundingFault extends Error {
  override name = 'FoundingFault'
}

/** Who founds what, and the language that it is said in and that the owner meets. */
interface Founding {
  readonly name: string
  readonly owner: string
  readonly email: string
  readonly language: Locale
  readonly password: string
  /** Whether the password was made up here, and must be told. */
  readonly isMadeUp: boolean
}

const Line = z.string().trim().min(1).max(200)
const Asked = z.object({ name: Line, owner: Line, email: z.email().max(254).toLowerCase() })

/**
 * Reads `--name`, `--owner`, `--email` and `--language da|en` (the machine's own without it), and the password: asked
 * for at a terminal, else the first line of what is sent in; where that is empty, one is made up.
 *
 * @throws {FoundingFault}
 */
export async function readFounding(parameters: readonly string[]): Promise<Founding> {
  const given = optionsIn(parameters)
  const language = languageOf(given['language'])
  const asked = Asked.safeParse(given)
  if (!asked.success) throw new FoundingFault(words[language].usage)
  const typed = await readSecret(words[language].password)
  const password = typed === '' ? readablePassword() : typed
  inWords(language, () => requireGoodPassword(asked.data.email, password))
  return { ...asked.data, language, password, isMadeUp: typed === '' }
}

/**
 * Makes the company and its owner, and answers what to tell whoever asked for it.
 *
 * @throws {FoundingFault} when the email is known: an invitation brings such a person into a second company.
 */
export async function foundCompany(
  identity: Pick<Identity, 'isKnown' | 'provision'>,
  { name, owner, email, language, password, isMadeUp }: Founding,
): Promise<string> {
  const { taken, made, madeUp } = words[language]
  if (await identity.isKnown(email)) throw new FoundingFault(taken(email))
  await identity.provision({
    company: { name },
    owner: { name: owner, email, password, locale: language },
  })
  return [made(name, email), ...(isMadeUp ? [madeUp(password)] : [])].join('\n')
}

function optionsIn(parameters: readonly string[]): Record<string, string | undefined> {
  const text = { type: 'string' } as const
  try {
    const options = { name: text, owner: text, email: text, language: text }
    return parseArgs({ args: [...parameters], options }).values
  } catch {
    throw new FoundingFault(words[languageOf(undefined)].usage)
  }
}

const languageOf = (given: string | undefined): Locale =>
  given !== undefined && isLocale(given) ? given : localeFrom(Intl.DateTimeFormat().resolvedOptions().locale)

function inWords(language: Locale, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof Fault ? new FoundingFault(error.sentence(language)) : error
  }
}
